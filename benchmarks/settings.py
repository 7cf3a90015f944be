"""Settings of the benchmarks: as in production, except for what needs no deployment."""

import os

os.environ.setdefault("DEBUG", "true")
os.environ["HTTPS"] = "false"

from crm.settings import *  # noqa: F403
from crm.settings import BASE_DIR, STORAGES, TEMPLATES

DEBUG = False
ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES = [
    {**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "benchmarks" / "templates"]}
]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
