# as: dougong/access/sample.py
# breaks: layers
from dougong.web import pages  # noqa: F401
