"""What pages are made of, for plugins: the view classes of ``dougong.web.views`` under their public address."""

from .web.views import *  # noqa: F403
