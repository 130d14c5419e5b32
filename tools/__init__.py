"""Set-up of the project on a machine: standard library only, for any Python from 3.8 on."""
