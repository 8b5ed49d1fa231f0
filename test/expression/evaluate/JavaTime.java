import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Answers lines of an operation, a zone, microseconds and an argument with what java.time makes of them, as Spark asks it. */
class JavaTime {
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1000;
  }

  static LocalDateTime local(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
  }

  static Object answer(String operation, ZoneId zone, long micros, String argument) {
    ZonedDateTime at = instant(micros).atZone(zone);
    switch (operation) {
      case "local": return micros(at.toLocalDateTime().toInstant(ZoneOffset.UTC));
      case "instant": return micros(local(micros).atZone(zone).toInstant());
      case "hour": return micros(at.truncatedTo(ChronoUnit.HOURS).toInstant());
      case "minute": return micros(at.truncatedTo(ChronoUnit.MINUTES).toInstant());
      case "day": return micros(at.toLocalDate().atStartOfDay(zone).toInstant());
      case "month": return micros(at.toLocalDate().withDayOfMonth(1).atStartOfDay(zone).toInstant());
      case "months": return micros(at.plusMonths(Integer.parseInt(argument)).toInstant());
      case "interval": {
        long days = Long.parseLong(argument) / 86_400_000_000L;
        return micros(at.plusDays(days).plus(Long.parseLong(argument) - days * 86_400_000_000L, ChronoUnit.MICROS).toInstant());
      }
      default: return DateTimeFormatter.ofPattern(argument, Locale.US).format(at);
    }
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split("\t", -1);
      out.println(answer(parts[0], ZoneId.of(parts[1]), Long.parseLong(parts[2]), parts[3]));
    }
    out.flush();
  }
}
