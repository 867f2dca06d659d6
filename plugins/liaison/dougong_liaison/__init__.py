"""Government liaison for Dougong: agencies, obligations, permits, orders, policies."""
