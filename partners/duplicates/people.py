"""Two people compared."""

from rapidfuzz.distance import OSA

from partners.duplicates.names import PersonName
from partners.duplicates.pet_names import is_pet_name
from partners.duplicates.scoring import Score
from partners.duplicates.sounds import skeleton
from partners.duplicates.traits import PersonTraits, is_one_number, told_phone

START = -4.5
_VOWELS = frozenset("aeiou")
_SLIPS = frozenset({"near", "name-slip", "changed"})
# Points and the reason to show, for each way in which two names agree.
RELATIONS = {
    "name": 3.5,
    "swapped": 3.3,
    "names-agree": 2.8,
    "name-shorter": 2.8,
    "pet-name": 2.8,
    "slip": 2.8,
    "name-slip": 2.6,
    "changed": 2.2,
    "initial": 1.6,
    "near": 0.2,
    "": 0.0,
    "other": -6.5,
}


def compare_people(one: PersonTraits, other: PersonTraits) -> Score:
    score = Score(START)
    relation = _compare_names(one.name, other.name, score)
    _compare_contacts(one, other, score)
    _compare_houses(one, other, score, relation)
    if relation in {"name", "swapped", "native"} and (one.is_bare or other.is_bare):
        score.add(1.2)
    return score


def _compare_names(one: PersonName, other: PersonName, score: Score) -> str:
    """Points for the names in both scripts; how they agree."""
    relation = name_relation(one, other)
    native = native_relation(one, other)
    if native is False:
        score.add(-7)
        return "other"
    if native:
        if relation == "other":
            score.add(-1.0, "native-name")
            return "near"
        if relation == "":
            score.add(4.0, "native-name", value=other.native)
            return "native"
        score.add(max(RELATIONS[relation], 3.5) + 1.5, "names-both")
        if relation == "swapped":
            score.add(0, "swapped")
        return "name"
    codes = {"name": "person-name", "slip": "name-slip", "changed": "name-slip"}
    code = {**codes, "near": "", "other": ""}.get(relation, relation)
    if relation == "name" and one.is_spelt != other.is_spelt:
        code = "names-agree"
    score.add(RELATIONS[relation], code)
    return relation


def native_relation(one: PersonName, other: PersonName) -> bool | None:
    """Whether the native names are the same; nothing where they can't be compared."""
    if not one.native or not other.native or one.native.isascii() or other.native.isascii():
        return None
    if one.native == other.native:
        return True
    if _is_kana(one.native) != _is_kana(other.native):
        return None
    # Family and given name swapped?
    return sorted(one.native) == sorted(other.native)


def _is_kana(text: str) -> bool:
    return all("ぁ" <= char <= "ー" for char in text)


def name_relation(one: PersonName, other: PersonName) -> str:
    """How two names in Latin letters agree: a key of RELATIONS."""
    if not one.sounds or not other.sounds:
        return ""
    given, family = one.given_sound, one.family_sound
    if (given, family) == (other.given_sound, other.family_sound):
        return "name" if given and family else "near"
    if one.run == other.run and all(one.run):
        return "name"
    if one.run == (other.run[1], other.run[0]):
        return "swapped"
    if one.sounds == other.sounds:
        return "name"
    if one.is_spelt != other.is_spelt and len(one.sounds) == len(other.sounds):
        # A foreign name in kana keeps its consonants.
        for keeps_r in (True, False):
            heard = [sorted(skeleton(s, keeps_r) for s in each.sounds) for each in (one, other)]
            if heard[0] == heard[1] and all(heard[0]):
                return "names-agree"
    found = "other"
    for mine, theirs in (
        ((given, family), (other.given_sound, other.family_sound)),
        ((family, given), (other.given_sound, other.family_sound)),
    ):
        relation = _part_relation(mine, theirs)
        if RELATIONS[relation] > RELATIONS[found]:
            found = relation
    if found in _SLIPS and sorted(one.given + one.family) == sorted(other.given + other.family):
        # Two letters the other way round, before any sound is told.
        return "slip"
    return found


def _part_relation(one: tuple[str, str], other: tuple[str, str]) -> str:
    """How a given and a family name agree with another's."""
    given, family = one
    given_2, family_2 = other
    if family == family_2:
        if _is_initial(given, given_2):
            return "initial"
        if _is_shorter(given, given_2):
            return "name-shorter"
        if is_pet_name(given, given_2):
            return "pet-name"
        return _slip(given, given_2, is_given=True)
    if given == given_2:
        if _is_shorter(family, family_2):
            return "name-shorter"
        return _slip(family, family_2, is_given=False)
    return "other"


def _is_initial(one: str, other: str) -> bool:
    if not one or not other:
        return bool(one or other)
    short, long = sorted((one, other), key=len)
    letters = short.replace(" ", "")
    return len(short.split()[0]) == 1 and long[0] == letters[0] and len(letters) <= 2


def _is_shorter(one: str, other: str) -> bool:
    """The one is the other without a middle name or the second of two family names.

    Or with one of its names as a letter: “M. Grazia”.
    """
    mine, theirs = one.split(), other.split()
    if not mine or not theirs or len(mine) == len(theirs):
        if "".join(mine) == "".join(theirs) and mine:
            return True
        pairs = list(zip(mine, theirs, strict=False))
        return any(a == b for a, b in pairs) and all(
            a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs
        )
    short, long = sorted((mine, theirs), key=len)
    if "".join(short) == "".join(long):
        return True
    rest = [word for word in long if word not in short]
    return all(word in long for word in short) or (
        short[0] == long[0] and all(len(word) == 1 for word in rest + short[1:])
    )


def _slip(one: str, other: str, is_given: bool) -> str:
    """One slip of the fingers: a letter more or less, two swapped, or one consonant for another.

    One vowel for another is most often another name. So is another first letter; and in a given
    name another letter anywhere (Mario, Marco), another ending, or a letter more in a short one.
    """
    if min(len(one), len(other)) < 4 or OSA.distance(one, other, score_cutoff=1) > 1:
        return "other"
    if one[0] != other[0]:
        return "near"
    if is_given and one[-1] != other[-1]:
        return "other"
    if sorted(one) == sorted(other):
        return "slip"
    if len(one) != len(other):
        return "near" if one[-1] != other[-1] or max(len(one), len(other)) < 7 else "name-slip"
    changed = next((a, b) for a, b in zip(one, other, strict=True) if a != b)
    return "near" if is_given or {*changed} <= _VOWELS else "changed"


def _compare_contacts(one: PersonTraits, other: PersonTraits, score: Score) -> None:
    if one.email and one.email == other.email:
        score.add(
            1.0 if one.is_role_address else 5.0,
            "role-email" if one.is_role_address else "email",
            value=one.email,
        )
        given = one.name.given_sound
        if given and given == other.name.given_sound and not one.is_role_address:
            # Another family name: they married, or one was mistyped.
            score.add(6.2 if name_relation(one.name, other.name) == "other" else 0)
    elif one.domain and one.domain == other.domain:
        is_two = one.local_part != other.local_part and not (
            one.is_role_address or other.is_role_address
        )
        if is_two and not _one_owner(one, other):
            score.add(-1.3)
        else:
            score.add(0.7)
        if one.local_part.rstrip("0123456789") == other.local_part.rstrip("0123456789"):
            # Whoever came second got the number.
            score.add(-2.5)
    if not ((one.mobile or one.phone) and (other.mobile or other.phone)):
        return
    if is_one_number(one.mobile, other.mobile):
        shown = one.mobile_shown or other.mobile_shown
        score.add(3.5, **told_phone("mobile", shown, one.mobile_typed, other.mobile_typed))
    elif is_one_number(one.mobile, other.phone) or is_one_number(other.mobile, one.phone):
        is_first = is_one_number(one.mobile, other.phone)
        typed = (one.mobile_typed, other.phone_typed)
        shown = one.mobile_shown or other.phone_shown
        if not is_first:
            typed, shown = (one.phone_typed, other.mobile_typed), other.mobile_shown
        score.add(2.5, **told_phone("phone", shown or one.phone_shown, *typed))
    elif is_one_number(one.phone, other.phone):
        shown = one.phone_shown or other.phone_shown
        score.add(1.0, **told_phone("phone", shown, one.phone_typed, other.phone_typed))


def _one_owner(one: PersonTraits, other: PersonTraits) -> bool:
    """Two addresses that one person's name makes: m.rossi and mario.rossi.

    What each says beside the family name is the same, or the beginning letter of the other's.
    """
    said = []
    for each in (one, other):
        family = each.name.family.replace(" ", "").replace("'", "")
        letters = "".join(filter(str.isalpha, each.local_part))
        if family and family not in letters and (each.name.given[:1] or "?") != letters[:1]:
            return False
        said.append(letters.replace(family, "", 1) if family else letters)
    short, long = sorted(said, key=len)
    return short == long or not short or (len(short) == 1 and long.startswith(short))


def _compare_houses(one: PersonTraits, other: PersonTraits, score: Score, relation: str) -> None:
    if shared := (set(one.organisations) & set(other.organisations)) - {-1}:
        score.add(2.0, "organisation", value=one.organisations[min(shared)][1])
    elif one.organisations and (
        names := dict(one.organisations.values()).keys() & dict(other.organisations.values()).keys()
    ):
        shown = dict(one.organisations.values())
        score.add(1.7, "organisation", value=shown[min(names)])
    elif one.domain and one.domain == other.domain:
        # Who writes from one house is of that house.
        score.add(1.7)
    elif one.organisations and other.organisations:
        score.add(-0.7)
