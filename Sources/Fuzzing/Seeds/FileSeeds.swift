/// Inputs that the targets of files accept.
enum FileSeeds {
    /// Decisions for `CraftedLog`, the first byte being that of the first header.
    static let logs: [[UInt8]] = [
        [0],
        // Five entries, of which the fourth one's index is known committed, and a mark.
        [0, 0, 9, 0, 9, 1, 20, 0, 0, 0, 3, 6, 13, 4, 4],
        // Three segments and a vote.
        [0, 0, 9, 3, 1, 0, 5, 7, 0, 0, 9, 0, 7, 7, 0, 3, 2, 0, 0, 6],
        // Entries replaced by those of a later term.
        [0, 0, 9, 0, 9, 0, 9, 3, 2, 5, 2, 0, 7, 0, 7, 11, 0, 6],
        // A log cut at its beginning.
        [0, 0, 9, 0, 9, 7, 0, 0, 9, 7, 0, 0, 9, 13, 0, 3, 13, 0, 4, 3],
        // A torn tail, and damage below a mark.
        [0, 0, 9, 0, 9, 10, 0, 5, 1, 2, 3, 4, 5],
        [0, 0, 9, 11, 0, 0, 9, 11, 0, 6, 13, 0, 0, 2, 90, 1],
        // A record that does not follow the one before it.
        [0, 0, 9, 12, 255, 7, 0, 9],
        // Records behind one that is damaged, before and after they state that it was synced.
        [0, 0, 9, 0, 9, 0, 9, 13, 0, 0, 2, 100, 1], [0, 0, 9, 0, 9, 11, 0, 6, 13, 0, 0, 2, 64, 1],
        // An entry and a truncation out of place.
        [0, 0, 9, 2, 7, 1, 0, 0], [0, 0, 9, 5, 0], [0, 9, 1, 12, 1, 0, 0],
    ]

    static let configurations = [
        // The least, with comments.
        """
        // A node.
        {
            "cluster_id": "00112233445566778899aabbccddeeff", "node_id": 1, "data_dir": "data",
            "http_listen": "127.0.0.1:8101", "raft_listen": "[::1]:9101",
            "http_url": "http://127.0.0.1:8101",
            "members": [
                {"node_id": 1, "raft_address": "a:9101", "http_url": "http://127.0.0.1:8101"},
            ],
            "cluster_secret_file": "cluster-secret",
            "payment_provider": {
                "kind": "simulated", "url": "http://127.0.0.1:10100",
                "webhook_secret_file": "webhook-secret",
            },
        }
        """,
        // Everything.
        """
        {"cluster_id":"00112233445566778899aabbccddeeff","node_id":2,"data_dir":"/d",
        "http_listen":"0.0.0.0:0","raft_listen":"h:9102","http_url":"https://b","members":[
        {"node_id":1,"raft_address":"a:9101","http_url":"http://a:8101"},
        {"node_id":2,"raft_address":"b:9102","http_url":"https://b"}],
        "cluster_secret":"0123456789abcdefg","shards":4,"heartbeat_ms":60,
        "election_timeout_min_ms":400,"election_timeout_max_ms":900,
        "hold_ttl_seconds":{"min":2,"default":30,"max":600},"replay_window_seconds":60,
        "seats_per_hold_max":20,"staleness_max_ms":400,"seatmap_max_age_seconds":6,
        "payment_provider":{"kind":"simulated","url":"http://p","webhook_secret_file":
        "webhook-secret"},"commit_patience_ms":1000,"payment_deadline_seconds":60,
        "queue_depth_max":1000,"write_behind_depth_max":1000,"uncommitted_bytes_max":2000000,
        "log_segment_bytes":65536,"http_loops":1,"http_connections_max":100,
        "header_bytes_max":2048,"url_bytes_max":512,"body_bytes_max":2048,
        "import_bytes_max":65536,"request_timeout_ms":200,"idle_timeout_ms":2000,
        "leader_routing":"forward","open_sales":true,"api_keys":[{"name":"a","role":"organizer",
        "sha256":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"}],
        "log_level":"debug"}
        """,
        "{\"format\":1,\"cluster_id\":\"c1\",\"group\":0,\"node_id\":1,\"incarnation\":\"4d\","
            + "\"shards\":8}\n",
    ].map { Array($0.utf8) }
}
