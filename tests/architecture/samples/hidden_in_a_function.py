# as: dougong/scheduling/sample.py
# breaks: layers
def late() -> None:
    from dougong.access.gate import Gate  # noqa: F401
