// The PeerTransport target.
