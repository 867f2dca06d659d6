"""Quality for Dougong: three-standard documents, nonconformities, audits."""
