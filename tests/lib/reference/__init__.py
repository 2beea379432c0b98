"""A second reading of the agreement, the rules and the KPIs, written without dean06."""
