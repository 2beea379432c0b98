"""The truth about identities: which record of a person agrees with the residence register."""
