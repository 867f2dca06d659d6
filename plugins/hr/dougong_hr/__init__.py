"""Human resources for Dougong: posts, people, appointments, appraisal, rosters."""
