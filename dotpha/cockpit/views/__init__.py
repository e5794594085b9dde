"""The desk's own pages: where each role lands, the leader's page, map, search, record, system."""
