"""Django's settings, built from ours; nothing here is read from anywhere else."""

from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from alpheus.config import listening, secrets, selling, sign_in, submissions, wiring
from alpheus.config.database import database_of
from alpheus.config.mail import mail_of
from alpheus.config.settings import load

OURS = load()
PACKAGE = Path(__file__).resolve().parent.parent

LISTENING = listening.terms(OURS)
EAR = wiring.ear(OURS)
SUBMISSIONS = submissions.terms(OURS)
SELLING = selling.terms(OURS)
API_TOKENS = "alpheus.api.token"  # pages and the API are beside each other: neither imports the other
DETAILS_KEYS = partial(secrets.details_keys, OURS)

SECRET_KEY = secrets.django_key(OURS)
DEBUG = OURS.debug
ALLOWED_HOSTS = list(OURS.allowed_hosts)
ROOT_URLCONF = "alpheus.config.urls"
ASGI_APPLICATION = "alpheus.config.asgi.application"
AUTH_USER_MODEL = "parties.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *sign_in.APPS,
    "allauth.usersessions",
    "alpheus.tasks.apps.Config",
    "alpheus.mail.apps.Config",
    "alpheus.search.apps.Config",
    "alpheus.parties.apps.Config",
    "alpheus.catalogue.apps.Config",
    "alpheus.rights.apps.Config",
    "alpheus.shops.apps.Config",
    "alpheus.submissions.apps.Config",
    "alpheus.locker.apps.Config",
    "alpheus.listening.apps.Config",
    "alpheus.community.apps.Config",
    "alpheus.exchange.folder.apps.Config",
    "alpheus.exchange.takeout.apps.Config",
    "alpheus.insight.apps.Config",
    "alpheus.web.apps.Config",
    "alpheus.api.apps.Config",
]

MIDDLEWARE = [
    "alpheus.config.observe.measure_requests",
    "alpheus.web.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alpheus.web.middleware.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "alpheus.web.middleware.empty_signed_out",
    "alpheus.web.middleware.language",
    "alpheus.web.middleware.territory",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before allauth's own, which ours stand in for
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alpheus.web.context.site",
            ],
        },
    }
]

DATABASES = {"default": database_of(OURS.database_url, data=OURS.data)}

# What allauth's limits count, shared by all processes. Nothing else is cached here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "parties_counted",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "ingest"]}}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "alpheus.web.allauth_adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OURS.must_verify_email else "optional"
# A link is opened in another browser as often as not, and a sign-up by passkey lives in this one: so a code.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = OURS.must_verify_email
ACCOUNT_SESSION_REMEMBER = True
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = OURS.trusted_proxies
MFA_ADAPTER = "alpheus.web.allauth_adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = OURS.must_verify_email  # allauth lets nobody in by passkey alone otherwise
MFA_ALLOW_UNVERIFIED_EMAIL = not OURS.must_verify_email  # where no address is confirmed none ever could be
MFA_TOTP_ISSUER = OURS.title
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a phone's clock may be off
SOCIALACCOUNT_ADAPTER = "alpheus.web.allauth_adapters.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = sign_in.in_allauth(OURS.sign_in_providers)
LOGIN_REDIRECT_URL = "web:home"
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "alpheus.web.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

_mail = mail_of(OURS.mail_url)
EMAIL_BACKEND, DEFAULT_FROM_EMAIL = _mail["backend"], OURS.mail_from
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL = _mail["host"], _mail["port"], _mail["tls"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_TIMEOUT = _mail["user"], _mail["password"], 10  # seconds

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("ja", _("Japanese")),
    ("ko", _("Korean")),
]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = OURS.data.resolve() / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What was collected is served, compressed; as it lies in the packages only to who works on it.
WHITENOISE_USE_FINDERS = OURS.debug
# Names that hold a digest of their content: Django's has twelve digits, esbuild's eight.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/built/.*(?:\.[0-9a-f]{12}|-[A-Z0-9]{8})\.\w+$"
WHITENOISE_AUTOREFRESH = OURS.debug

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OURS.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "alpheus.web.views.errors.csrf_refused"
CSRF_TRUSTED_ORIGINS = [OURS.public_url] if OURS.public_url else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = []
