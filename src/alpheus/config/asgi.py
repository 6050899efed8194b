"""The ASGI application of web: uploads, and Django for everything else."""

import os
import warnings

from django.core.asgi import get_asgi_application

from alpheus.config.bodies import Bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")

# WhiteNoise streams small static files from a plain iterator; Django says so on every start, and nothing is wrong.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

django = get_asgi_application()

# After Django is set up: both load models.
from alpheus.api.tus import Uploads  # noqa: E402
from alpheus.web.middleware import chosen_language  # noqa: E402

# Uploads are written as they come, however long that takes; all other bodies are read whole, and so are bounded.
application = Uploads(Bodies(django), language=chosen_language)
