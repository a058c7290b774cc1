package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The member list as clients behind the proxy see it: the cluster's members, ids and names, all
 * reached at the proxy, so that a client that takes its endpoints from the list stays behind it.
 */
final class AdvertisedMembers {
  private volatile List<String> urls;

  /**
   * @param advertised the proxy's URLs; none for where it turns out to listen
   */
  AdvertisedMembers(List<String> advertised) {
    this.urls = advertised;
  }

  void listensAt(List<InetSocketAddress> addresses) {
    if (urls.isEmpty()) {
      urls = addresses.stream().map(AdvertisedMembers::url).toList();
    }
  }

  private static String url(InetSocketAddress address) {
    String host = address.getHostString();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** An answer to MemberList with the proxy's URLs in it; what cannot be read stays as it is. */
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
