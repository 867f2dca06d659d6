# as: dougong_sample/records.py
# breaks: nothing
from dougong import Record, field, translator, views
from dougong.testing import Company
from dougong.views import Card

from . import settings

__all__ = ["Card", "Company", "Record", "field", "settings", "translator", "views"]
