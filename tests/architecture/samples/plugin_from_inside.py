# as: dougong_sample/records.py
# breaks: public
from dougong import Record
from dougong.tenancy.cells import Cell  # noqa: F401
