# as: dougong/web/sample.py
# breaks: plugin
import dougong_complaints  # noqa: F401
