"""Lists that several checks share."""

#: Words that would tell somebody who looks over a shoulder what this is about. Titles and subjects hold none of them.
TELLING_WORDS = (
    "recovery", "opioid", "overdose", "naloxone", "drug", "heroin", "fentanyl", "craving", "sober", "addict", "relapse",
    "crisis", "emergency", "therapy", "treatment", "withdrawal", "methadone", "sos",
)  # fmt: skip
