# as: dougong_sample/records.py
# breaks: another plugin
from dougong_complaints import records  # noqa: F401
