"""Set-up of a fresh machine: nothing but the standard library, on any Python from 3.8."""
