"""Records side by side: whichever stays proposes its own entries."""

from playwright.sync_api import expect

from tests.browser.conftest import PageAs
from tests.factories import make_meeting, make_organisation


def test_the_one_that_stays_proposes_its_own_entries_but_for_those_chosen(page_as: PageAs, db):
    full = make_organisation("JFC", email="info@jfc.example", phone="+81 3 1111 2222")
    make_meeting([full])
    bare = make_organisation("Japan Finance Corporation", phone="+81 3 3333 4444")
    page = page_as("Steward")
    page.goto(f"/partners/{full.pk}/merge/?with={bare.pk}")
    page.locator(f"[name=take-phone][value='{bare.pk}']").check()
    page.locator(f"[name=take-phone][value='{full.pk}']").check()
    page.locator(f"[name=survivor][value='{bare.pk}']").check()
    taken = {"name": bare.pk, "email": full.pk, "phone": full.pk}
    for name, pk in taken.items():
        expect(page.locator(f"[name=take-{name}]:checked")).to_have_value(str(pk))
