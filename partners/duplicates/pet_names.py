"""Given names and what those who know somebody call them."""

from functools import lru_cache

from partners.duplicates.sounds import same_sound

_NAMES = """
alessandro: sandro, ale, alex
alessandra: sandra, ale
alexander: alex, sandy
alfredo: fredo
andrew: andy
anthony: tony
antonella: nella
antonio: tonino, toni, tony, totonno, nino
bartolomeo: bartolo, meo
benjamin: ben
caterina: rina, cate
catherine: cathy, kate, katie
charles: charlie, chuck
christopher: chris
daniel: dan, danny
david: dave
domenico: mimmo, menico, nico
edoardo: edo
edward: ed, eddie, ted
elisabetta: betta, elisa, lisa
elizabeth: liz, beth, betty
emanuele: lele, manu
federica: fede
federico: fede, chicco
filippo: pippo
francesca: franca, cesca
francesco: franco, checco, ciccio
gabriele: lele
giacomo: mino
giovanna: gianna, vanna
giovanni: gianni, nanni, vanni
giuseppe: beppe, peppe, peppino, pino, bepi, beppino
giuseppina: pina, giusy
gregory: greg
guglielmo: memo
ignazio: nazio
james: jim, jimmy
jeffrey: jeff
jennifer: jenny
jonathan: jon
joseph: joe
joshua: josh
kenneth: ken
lorenzo: enzo, renzo
luigi: gigi, gino, luigino
maddalena: lena
margaret: maggie, meg, peggy
margherita: rita, marghe
matthew: matt
michael: mike
michele: lele
nicholas: nick
nicola: nico
pamela: pam
patricia: pat
patrick: pat
peter: pete
raffaele: lello
richard: dick, rick
robert: bob, rob, bobby
roberto: berto
ronald: ron
salvatore: salvo, toto, turi
samuel: sam
stephen: steve
steven: steve
susan: sue
theodore: ted
thomas: tom
timothy: tim
tommaso: maso, tommy
umberto: berto
vincenzo: enzo, cenzo, vince
vincent: vince
william: bill, will
"""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _NAMES.strip().splitlines():
        full, short = line.split(": ")
        for name in (full, *short.split(", ")):
            found.setdefault(same_sound(name), {same_sound(name)}).add(same_sound(full))
    return {name: frozenset(names) for name, names in found.items()}


_FULL = _table()


@lru_cache(maxsize=20_000)
def is_pet_name(one: str, other: str) -> bool:
    """Whether two given names, as sounds, may be one: “Beppe” and “Giuseppe”."""
    mine, theirs = _FULL.get(one), _FULL.get(other)
    return bool(mine and theirs and (one in theirs or other in mine))
