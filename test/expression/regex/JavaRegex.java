import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The reference: reads lines of "pattern subject" in hex of UTF-8, writes what java.util.regex finds. */
public class JavaRegex {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line; (line = in.readLine()) != null; ) {
      String[] parts = line.split(" ", -1);
      all.append(answer(text(parts[0]), text(parts[1]))).append('\n');
    }
    out.print(all);
    out.flush();
  }

  static String text(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String answer(String pattern, String subject) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      return "syntax";
    } catch (Throwable e) {
      return "refused";
    }
    try {
      Matcher m = compiled.matcher(subject);
      StringBuilder b = new StringBuilder();
      b.append(m.matches() ? "full" : "-");
      m.reset();
      if (!m.find()) return b.append(" none").toString();
      for (int g = 0; g <= m.groupCount(); g++) b.append(' ').append(at(subject, m.start(g))).append(' ').append(at(subject, m.end(g)));
      return b.toString();
    } catch (Throwable e) {
      return "thrown " + e.getClass().getSimpleName();
    }
  }

  /** Bytes of UTF-8 before an index; in the middle of a pair of surrogates it is marked. */
  static String at(String s, int index) {
    if (index < 0) return "-1";
    if (index > 0 && index < s.length() && Character.isLowSurrogate(s.charAt(index)) && Character.isHighSurrogate(s.charAt(index - 1))) return "split";
    return String.valueOf(s.substring(0, index).getBytes(StandardCharsets.UTF_8).length);
  }
}
