package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The member list for the proxy's clients: the members with their ids and names, and with the
 * proxy's URLs. So a client that takes its endpoints from the list keeps using the proxy.
 */
final class AdvertisedMembers {
  private volatile List<String> urls;

  /**
   * @param advertised the proxy's URLs; empty to use the addresses where it listens
   */
  AdvertisedMembers(List<String> advertised) {
    this.urls = advertised;
  }

  void listensAt(List<InetSocketAddress> addresses, boolean secure) {
    if (urls.isEmpty()) {
      urls = addresses.stream().map(each -> url(each, secure)).toList();
    }
  }

  private static String url(InetSocketAddress address, boolean secure) {
    return new HostPort(address.getHostString(), address.getPort(), secure).url();
  }

  /**
   * Puts the proxy's URLs into an answer to MemberList. An answer that cannot be parsed stays
   * unchanged.
   */
  Bytes in(Bytes answer) {
    try {
      MemberListResponse.Builder members = MemberListResponse.newBuilder();
      members.mergeFrom(CodedInputStream.newInstance(answer.readOnlyArray()));
      members.getMembersBuilderList().forEach(this::replace);
      return Bytes.wrap(members.build().toByteArray());
    } catch (InvalidProtocolBufferException _) {
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException("an array is read without IO", e);
    }
  }

  private void replace(Member.Builder member) {
    if (member.getClientURLsCount() > 0) {
      member.clearClientURLs().addAllClientURLs(urls);
    }
  }
}
