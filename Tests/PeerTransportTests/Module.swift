// The PeerTransportTests target.
