package io.balsa.model;

import io.balsa.bytes.Bytes;

/**
 * A key as it stood at some revision, in etcd's words.
 *
 * @param createRevision the revision at which it was created last
 * @param modRevision the revision of its last change
 * @param version how many times it was put since it was created
 * @param lease the lease that it is attached to; 0 for none
 */
public record KeyValue(
    Bytes key, Bytes value, long createRevision, long modRevision, long version, long lease) {}
