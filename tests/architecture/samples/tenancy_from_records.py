# as: dougong/tenancy/sample.py
# breaks: layers
from ..records.record import Record  # noqa: F401
