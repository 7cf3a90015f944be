"""What the shell does in a browser: shortcuts, the menu, the drawer."""

from playwright.sync_api import expect

from tests.browser.conftest import PageAs, assert_axe_clean


def test_a_question_mark_lists_the_shortcuts_and_escape_closes_them(page_as: PageAs):
    page = page_as()
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    assert_axe_clean(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_hidden()


def test_shortcuts_keep_quiet_while_one_types(page_as: PageAs):
    page = page_as()
    page.goto("/accounts/password/change/")
    page.get_by_label("Present password").fill("")
    page.keyboard.type("n?/")
    expect(page.get_by_label("Present password")).to_have_value("n?/")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_hidden()


def test_the_menu_changes_the_theme_and_stays_on_the_page(page_as: PageAs):
    page = page_as(theme="light")
    page.goto("/accounts/password/change/")
    page.get_by_role("button", name="Olivia Officer").click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the password")


def test_the_menu_and_the_drawer_need_no_script(page_as: PageAs):
    page = page_as(width=390, java_script_enabled=False)
    page.goto("/preferences/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_title("Home · Ponti")
    page.get_by_role("button", name="Olivia Officer").click()
    page.get_by_role("button", name="Italiano").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")


def test_the_drawer_closes_on_escape_and_gives_the_focus_back(page_as: PageAs):
    page = page_as(width=390)
    page.goto("/preferences/")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    assert_axe_clean(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Home")).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()


def test_the_first_tab_skips_to_the_page(page_as: PageAs):
    page = page_as()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_signing_in_by_hand(page_as: PageAs, officer):
    page = page_as(None)
    page.goto("/preferences/")
    page.get_by_label("E-mail").fill("officer@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The e-mail or the password is wrong.")
    assert_axe_clean(page)
    expect(page.get_by_label("E-mail")).to_have_value("officer@example.org")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title("Preferences · Ponti")
