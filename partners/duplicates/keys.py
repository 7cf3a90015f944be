"""What two records have to share before they are compared at all.

A value that too many records share is not used alone: beside each coarse key there are finer ones
(the switchboard and the name, the domain and the initials), and those stay small.
"""

from partners.duplicates.names import KIND, OWN, Name
from partners.duplicates.sounds import cognate, initial, same_sound, skeletons
from partners.duplicates.traits import TAIL, OrganisationTraits, PersonTraits

LENGTH = 120


def organisation_keys(traits: OrganisationTraits) -> set[str]:
    keys = {f"d:{domain}" for domain in traits.domains}
    if traits.email:
        keys.add(f"e:{traits.email}")
    if traits.phone:
        keys.add(f"p:{traits.phone}")
    where = traits.city or traits.country
    for name in traits.names:
        # Without what a word ends in, in one language or another: Fotonica, photonics.
        words = sorted(
            cognate(word) or word if name.words[word] == OWN else word
            for word in _telling(name, traits)
        )
        if not words:
            continue
        joined = " ".join(words)
        keys.add(f"n:{joined}")
        if traits.city and traits.city not in words:
            keys.add(f"n:{' '.join(sorted([*words, traits.city]))}")
        elif traits.city in words and len(words) > 1:
            keys.add(f"n:{' '.join(word for word in words if word != traits.city)}")
        if traits.domains:
            keys |= {f"dn:{domain} {joined}" for domain in traits.domains}
        if len(name.run) >= 6:
            keys.add(f"j:{traits.country} {name.run}")
        whole = "".join(name.own)
        if len(whole) >= 4 and whole.isascii():
            # One slip leaves one end as it was; however a long vowel is written.
            sound = same_sound(whole)
            keys |= {f"b:{where} {sound[:5]}", f"z:{where} {sound[-5:]}"}
        if name.run.isascii():
            # In katakana and in Latin letters.
            keys |= {f"s:{where} {bones[:6]}" for bones in skeletons(name.run) if len(bones) > 3}
        if len(name.initials) >= 3:
            keys.add(f"a:{traits.country} {name.initials}")
        if len(name.words) == 1 and len(whole) <= 6:
            keys.add(f"a:{traits.country} {whole}")
    if len(traits.short_name) >= 3:
        keys.add(f"a:{traits.country} {traits.short_name}")
    return {key[:LENGTH] for key in keys}


def _telling(name: Name, traits: OrganisationTraits) -> list[str]:
    """The words that say who it is: without the country it is in, and the kind where it has one."""
    words = [word for word in name.words if word != traits.country_word]
    if any(name.words[word] != KIND for word in words):
        return words
    return words or list(name.words)


def person_keys(traits: PersonTraits) -> set[str]:
    name = traits.name
    ends_of_numbers = {number[-TAIL:] for number in traits.numbers}
    keys = {f"p:{number}" for number in ends_of_numbers}
    if traits.email:
        keys.add(f"e:{traits.email}")
    sounds = " ".join(name.sounds)
    if len(name.sounds) > 1 or (sounds and not name.native):
        keys.add(f"n:{sounds}")
        if len(name.sounds) > 2 and all(name.run):
            keys.add(f"n:{' '.join(sorted(name.run))}")
    if name.native:
        keys.add(f"k:{name.native}")
    if name.sounds:
        # Somebody of one house whose name starts alike: slips, initials, names left out.
        initials = "".join(sorted({initial(sound) for sound in name.sounds}))
        ends = {initials}
        if len(initials) > 2:
            ends |= {initials.replace(each, "", 1) for each in initials}
        if traits.domain:
            keys |= {f"c:{traits.domain} {end}" for end in ends}
        keys |= {f"o:{pk} {end}" for pk in traits.organisations if pk > 0 for end in ends}
        keys |= {f"pn:{number} {initials}" for number in ends_of_numbers}
    return {key[:LENGTH] for key in keys}
