# as: dougong_sample/records.py
# breaks: public
from dougong import records  # noqa: F401
