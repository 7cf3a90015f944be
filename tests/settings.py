"""Settings of the test runs: quick hashes, mail and files kept out of the way, N+1 refused."""

import os

os.environ.setdefault("DEBUG", "true")
os.environ["HTTPS"] = "false"

from crm.settings import *  # noqa: F403
from crm.settings import BASE_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES
from crm.translation import compile_catalogues

compile_catalogues(BASE_DIR)

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# simple-history reads a record once for each of its many-to-many fields when it is saved.
ZEAL_ALLOWLIST = [
    {"model": "missions.Delegate", "field": "get()"},
    {"model": "missions.Meeting", "field": "get()"},
    {"model": "partners.Organisation", "field": "get()"},
]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = False

# In a file, so that two connections can meet as they do in earnest.
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "var" / f"test-{os.getpid()}.sqlite3"}
STATIC_ROOT = None  # type: ignore[assignment]  # served from where they stand
