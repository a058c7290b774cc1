package io.balsa.node;

import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.reads.ReadDesk;
import io.balsa.node.watches.Watches;
import io.balsa.node.writes.CommandDesk;
import io.balsa.node.writes.Proposals;

/** The parts that serve clients. Each has requests that wait, and fails them when they are late. */
record ClientParts(
    CommandDesk commands,
    Proposals proposals,
    ReadDesk reads,
    Watches watches,
    LeaseDesk leases,
    Transfers transfers) {}
