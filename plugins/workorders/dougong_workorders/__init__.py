"""Work orders for Dougong: from assigning to acceptance."""
