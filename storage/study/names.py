"""Names inside a study's folder; apart, so that looking whether a study is there imports no database."""

DATABASE = "study.sqlite"
