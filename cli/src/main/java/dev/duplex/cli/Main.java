package dev.duplex.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: reads the command line, runs a subcommand, and turns what goes wrong into one line and an exit status. */
@Command(
        name = "duplex",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "WebSocket servers and clients, and what they say on the wire.",
        footer = {
            "",
            "Examples:",
            "  duplex serve",
            "  duplex connect ws://127.0.0.1:8080/room/lobby",
            "  echo hi | duplex connect ws://127.0.0.1:8080/echo",
            "  duplex check ws://127.0.0.1:8080/echo",
            "",
            "Exit status: 0 success, 1 failure, 2 wrong use.",
        })
public final class Main implements Runnable {
    private static final int FAILURE = 1;
    private static final int WRONG_USE = 2;
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String... args) {
        // Netty looks at one buffer in 128, to find leaks, at some 2 % of a server's time. Our tests look at every one.
        System.setProperty(LEAK_DETECTION, System.getProperty(LEAK_DETECTION, "disabled"));
        System.exit(run(Streams.ofProcess(), args));
    }

    /**
     * Runs the command in this process.
     *
     * @return the exit status
     */
    public static int run(Streams streams, String... args) {
        CommandLine line = new CommandLine(new Main());
        subcommands(streams, args.length == 0 ? "" : args[0]).forEach(line::addSubcommand);
        line.setOut(streams.outWriter())
                .setErr(streams.errWriter())
                .registerConverter(Bytes.class, Bytes::parse)
                .registerConverter(java.time.Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, given) -> complain(streams, wrongUse(wrong), WRONG_USE))
                .setExecutionExceptionHandler((failed, command, given) -> complain(streams, failed));
        int status = line.execute(args);
        streams.out().flush();
        return status;
    }

    /** Reading a subcommand's options takes as long as starting a server: only the one that is named is read, if one is. */
    private static List<?> subcommands(Streams streams, String named) {
        return switch (named) {
            case "serve" -> List.of(new ServeCommand(streams));
            case "connect" -> List.of(new ConnectCommand(streams));
            case "check" -> List.of(new CheckCommand(streams));
            case "bench" -> List.of(new BenchCommand(streams));
            case "lab" -> List.of(new LabCommand(streams));
            default -> List.of(new ServeCommand(streams), new ConnectCommand(streams), new CheckCommand(streams), new BenchCommand(streams),
                    new LabCommand(streams), new CompletionCommand(streams));
        };
    }

    /** Without a subcommand: says which there are. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a subcommand");
    }

    private static String wrongUse(ParameterException wrong) {
        String message = wrong instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : wrong.getMessage();
        return message + "; see " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    }

    private static String unknown(UnmatchedArgumentException unmatched) {
        String first = unmatched.getUnmatched().getFirst();
        String kind = first.startsWith("-") ? "no option '" : "nothing is to be done with '";
        List<String> near = unmatched.getSuggestions().stream().sorted(Comparator.comparingInt(one -> -alike(one, first))).limit(2).toList();
        return kind + first + "'" + (near.isEmpty() ? "" : "; perhaps " + String.join(" or ", near) + "?");
    }

    /** How many characters two words begin with alike. */
    private static int alike(String one, String other) {
        int at = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        return at < 0 ? one.length() : at;
    }

    private static int complain(Streams streams, Exception failed) {
        if (failed instanceof Complaint complaint) {
            return complain(streams, complaint.getMessage(), complaint.isWrongUse() ? WRONG_USE : FAILURE);
        }
        return complain(streams, "unexpected failure: " + failed, FAILURE);
    }

    private static int complain(Streams streams, String message, int status) {
        streams.err().println("duplex: " + Printable.line(message));
        return status;
    }

    /** The version that the jar's manifest names. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"duplex " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()};
        }
    }
}
