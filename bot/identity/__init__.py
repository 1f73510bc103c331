"""Who somebody is: bound by what a channel proves, never by what they claim (docs/identity.md)."""
