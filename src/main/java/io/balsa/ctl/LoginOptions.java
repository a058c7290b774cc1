package io.balsa.ctl;

import io.balsa.client.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Which user a command is, as etcdctl has it. */
public final class LoginOptions {
  private static final String USER = "--user";

  @Option(
      names = USER,
      paramLabel = "NAME[:PASSWORD]",
      description = "log in as this user; asks for the password if none is given (BALSA_USER)")
  private @Nullable String user;

  @Option(
      names = "--password",
      hidden = true,
      paramLabel = "PASSWORD",
      description = "the password of --user, which is then a name alone (BALSA_PASSWORD)")
  private @Nullable String password;

  @Option(
      names = "--auth-jwt-token",
      hidden = true,
      paramLabel = "TOKEN",
      description = "a token that another program has signed; without --user")
  private @Nullable String token;

  private @Nullable Credentials typed;

  /**
   * Who the command is. Asks for the password at most once.
   *
   * @return null for nobody
   * @throws BadInput when an option lacks its partner, or a password cannot be asked for
   */
  public @Nullable Credentials credentials() {
    String name = user == null ? "" : user;
    if (token != null && !token.isEmpty()) {
      if (!name.isEmpty()) {
        throw new BadInput("--auth-jwt-token and --user: give one of them");
      }
      return new Credentials.Token(token);
    }
    if (name.isEmpty()) {
      if (password != null && !password.isEmpty()) {
        throw new BadInput("--password without --user: give the user's name, too");
      }
      return null;
    }
    if (typed == null) {
      typed = ofUser(name);
    }
    return typed;
  }

  private Credentials ofUser(String name) {
    if (password != null && !password.isEmpty()) {
      return new Credentials.Password(name, password);
    }
    int colon = name.indexOf(':');
    if (colon >= 0) {
      return new Credentials.Password(name.substring(0, colon), name.substring(colon + 1));
    }
    return new Credentials.Password(name, TypedPassword.ask("Password: "));
  }

  /** The value of an option for a listing of all: secrets are hidden. */
  static String shown(OptionSpec option) {
    Object given = option.getValue();
    String value = String.valueOf(given);
    return switch (option.longestName()) {
      case "--password", "--auth-jwt-token" -> given == null ? value : "(hidden)";
      case USER -> value.replaceFirst(":.*", ":(hidden)");
      default -> value;
    };
  }
}
