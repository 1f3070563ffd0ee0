"""The one door. Other apps see federation only as this module, and only from their `actions.py` and `federated.py`.

Every function that speaks to the network only writes rows, in the caller's transaction.
"""
