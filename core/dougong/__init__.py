"""Dougong 斗拱: the public names. A plugin imports from here, from ``dougong.views`` and ``dougong.testing``, nothing else."""
