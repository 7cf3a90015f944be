"""Two institutions compared."""

from rapidfuzz.distance import OSA, JaroWinkler

from partners.duplicates.names import KIND, OWN, PLACE, Name
from partners.duplicates.scoring import Score, between
from partners.duplicates.sounds import cognate, skeletons
from partners.duplicates.traits import OrganisationTraits, told_phone
from partners.duplicates.words import COUNTRY_NAMES, HEADS

START = -4.5
NAME_POINTS = ((0.0, -5.0), (0.3, -4.0), (0.5, -1.5), (0.7, 1.0), (0.85, 3.0), (0.97, 4.5))


def compare_organisations(one: OrganisationTraits, other: OrganisationTraits) -> Score:
    score = Score(START)
    if one.country and other.country and one.country != other.country:
        score.add(-5)
    _compare_family(one, other, score)
    is_namesake = _compare_names(one, other, score)
    _compare_places(one, other, score, is_namesake)
    _compare_contacts(one, other, score)
    return score


def _compare_family(one: OrganisationTraits, other: OrganisationTraits, score: Score) -> None:
    """A unit and the whole it is part of are two; so are two units of one whole."""
    if one.pk and other.pk and (one.pk == other.parent or other.pk == one.parent):
        score.add(-9)
    elif one.parent != other.parent and one.parent and other.parent:
        score.add(-1.5)


def _compare_names(one: OrganisationTraits, other: OrganisationTraits, score: Score) -> bool:
    """Points for the names that agree best; whether they are wholly the same."""
    best, code, left, right = -9.0, "", one.names[0], other.names[0]
    for mine in one.names:
        for theirs in other.names:
            points, found = name_points(mine, theirs, one, other)
            if points > best:
                best, code, left, right = points, found, mine, theirs
    short = _shared_short_name(one, other)
    is_stated = short in {one.short_name, other.short_name}
    if short and best < 2.0 and (is_stated or not (short in left.words and short in right.words)):
        # A name that is the short one and nothing else contradicts nothing.
        is_bare = is_stated and [short] in ([*left.words], [*right.words])
        best = max(best + 3.0, 3.0 if is_stated else 1.5) if best > -4.5 or is_bare else 1.0
        code = "acronym"
    elif best < 3.0 and (shared := _part_shared(left, right)):
        if shared > 1:
            best, code = max(best, 2.8), "name-shorter"
        elif best < 0.5 and one.hosts & other.hosts:
            best, code = 0.5, "name-shorter"
    score.add(best, code if best > 0 else "", **({"value": short} if code == "acronym" else {}))
    same_script = left.is_eastern == right.is_eastern
    if left.legal and right.legal and same_script and left.legal != right.legal:
        score.add(-1.0)
    eastern = [[name for name in each.names if name.is_eastern] for each in (one, other)]
    if eastern[0] and eastern[1]:
        pairs = [name_points(m, t, one, other)[0] for m in eastern[0] for t in eastern[1]]
        if max(pairs) < 0:
            score.add(-2.5)
    units = [frozenset().union(*(n.units for n in each.names)) for each in (one, other)]
    if bool(units[0]) != bool(units[1]):
        score.add(-4.0)
    return best >= NAME_POINTS[-1][1] and code == "name"


def _part_shared(mine: Name, theirs: Name) -> int:
    """How many own words they share where one name is the other in fewer words.

    Both say the same of what it is; nothing for names of one word, or with other numbers.
    """
    ours, yours = set(mine.words), set(theirs.words)
    short, long = (ours, yours) if len(ours) < len(yours) else (yours, ours)
    if len(short) < 2 or not short <= long or not (long - short).isdisjoint(HEADS):
        return 0
    if mine.numbers != theirs.numbers:
        return 0
    return max(1, sum(mine.words[word] == OWN for word in short))


def _shared_short_name(one: OrganisationTraits, other: OrganisationTraits) -> str:
    """“iit” where the one is called so and the other's name begins so, letter by letter."""
    mine, theirs = _short_names(one), _short_names(other)
    initials = [{n.initials for n in each.names if len(n.initials) >= 3} for each in (one, other)]
    shared = (mine & theirs) | (mine & initials[1]) | (theirs & initials[0])
    return max(shared, key=len, default="")


def _short_names(traits: OrganisationTraits) -> set[str]:
    found = {traits.short_name} if len(traits.short_name) >= 3 else set()
    for name in traits.names:
        if len(name.own) == 1 and len(name.own[0]) <= 6 and name.own[0].isascii():
            found.add(name.own[0])
    return found


def name_points(
    mine: Name, theirs: Name, one: OrganisationTraits, other: OrganisationTraits
) -> tuple[float, str]:
    """Points for two names, and what to call their likeness."""
    ours, yours = dict(mine.words), dict(theirs.words)
    # What the place is called is compared as the place.
    shared_place = {one.city, other.city, one.country_word, other.country_word} - {""}
    for words, rest in ((ours, yours), (yours, ours)):
        for place in shared_place & set(words):
            if place not in rest:
                del words[place]
    same = set(ours) & set(yours)
    matched = sum(ours[word] for word in same)
    has_own = any(ours[word] == OWN for word in same)
    slipped = False
    left = [word for word in ours if word not in same]
    right = [word for word in yours if word not in same]
    for word in list(left):
        if ours[word] != OWN:
            continue
        for twin in right:
            if yours[twin] != PLACE and (likeness := word_likeness(word, twin)):
                matched += likeness * yours[twin]
                left.remove(word)
                right.remove(twin)
                has_own, slipped = has_own or yours[twin] == OWN, True
                break
    for word in [word for word in left if ours[word] == KIND]:
        # A slip in what another calls its kind.
        for twin in right:
            if yours[twin] == OWN and word_likeness(word, twin):
                matched += KIND
                left.remove(word)
                right.remove(twin)
                slipped = True
                break
    if mine.own and theirs.own and mine.run == theirs.run:
        # The same letters, in more words or fewer.
        over = [w for w in left if ours[w] != PLACE], [w for w in right if yours[w] != PLACE]
        matched += max(sum(ours[w] for w in over[0]), sum(yours[w] for w in over[1]))
        left = [w for w in left if w not in over[0]]
        right = [w for w in right if w not in over[1]]
        has_own = True
    elif any(ours[w] == OWN for w in left) and any(yours[w] == OWN for w in right):
        own_left = "".join(w for w in left if ours[w] != PLACE)
        own_right = "".join(w for w in right if yours[w] != PLACE)
        if _sounds_alike(own_left, own_right, mine, theirs):
            matched += max(sum(ours[w] for w in left), sum(yours[w] for w in right))
            left, right, has_own, slipped = [], [], True, True
    unread = _is_unread(left, ours) or _is_unread(right, yours)
    if unread := unread and mine.is_eastern != theirs.is_eastern:
        # Chinese characters don't say how they sound: such words agree with nothing in Latin
        # letters and contradict nothing.
        left = [word for word in left if ours[word] != OWN]
        right = [word for word in right if yours[word] != OWN]
    unmatched = sum(ours[word] for word in left) + sum(yours[word] for word in right)
    total = matched + unmatched
    likeness = matched / total if total else 0.0
    points = between(likeness, NAME_POINTS)
    if unread:
        points = min(points, 1.0) if total else 1.0
    if mine.numbers != theirs.numbers:
        points -= 3
    places = [
        {w for w in name.words if name.words[w] == PLACE} - COUNTRY_NAMES for name in (mine, theirs)
    ]
    if places[0] and places[1] and not places[0] & places[1]:
        points -= 4
    if not has_own:
        kinds = [{w for w in words if words[w] == KIND} for words in (ours, yours)]
        located = (places[0] & places[1]) or (one.city and one.city == other.city)
        if kinds[0] != kinds[1]:
            points -= 3
        elif not located and not (one.city in places[1] or other.city in places[0]):
            points -= 2.5
    if mine.is_eastern != theirs.is_eastern:
        return points, "" if unread else "names-agree"
    if slipped or likeness < 0.97:
        return points, "name-alike"
    return points, "native-name" if mine.is_eastern else "name"


def _is_unread(words: list[str], weights: dict[str, float]) -> bool:
    return any(weights[word] == OWN and not word.isascii() for word in words)


def word_likeness(word: str, twin: str) -> float:
    """1 for the same word; a little less for one slip; nothing for another word."""
    if not (word.isascii() and twin.isascii()) or word.isdigit() or twin.isdigit():
        return 0.0
    shorter = min(len(word), len(twin))
    if (
        shorter >= 5
        and word[0] == twin[0]
        and OSA.distance(word, twin, score_cutoff=2) <= (1 if shorter < 9 else 2)
    ):
        return 0.95
    stem = cognate(word)
    return 0.95 if len(stem) >= 6 and stem == cognate(twin) else 0.0


def _sounds_alike(one: str, other: str, mine: Name, theirs: Name) -> bool:
    """Words run together, with a slip, or written in katakana."""
    if not (one.isascii() and other.isascii()):
        return False
    if min(len(one), len(other)) >= 6 and JaroWinkler.similarity(one, other) >= 0.95:
        return True
    if mine.is_eastern == theirs.is_eastern:
        return False
    return any(len(sound) >= 2 for sound in skeletons(one) & skeletons(other))


def _compare_places(
    one: OrganisationTraits, other: OrganisationTraits, score: Score, is_namesake: bool
) -> None:
    if one.city and other.city:
        if one.city == other.city:
            score.add(1.5, "city")
        else:
            # One name and one website in two cities: it moved, or one of them is a branch's.
            score.add(-2.5 if is_namesake and one.hosts & other.hosts else -3.5)
    elif one.country == other.country:
        score.add(0.3)
    if one.address and other.address and JaroWinkler.similarity(one.address, other.address) > 0.93:
        score.add(1.0, "address")


def _compare_contacts(one: OrganisationTraits, other: OrganisationTraits, score: Score) -> None:
    if hosts := one.hosts & other.hosts:
        score.add(3.0, "domain", value=min(hosts))
    elif domains := one.domains & other.domains:
        score.add(1.0, "domain", value=min(domains))
    elif one.domains and other.domains:
        score.add(-1.0)
    if one.email and one.email == other.email:
        score.add(2.0, "email", value=one.email)
    if one.phone and one.phone == other.phone:
        score.add(2.0, **told_phone("phone", one.phone_shown, one.phone_typed, other.phone_typed))
