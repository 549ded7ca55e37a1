package dev.duplex.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code duplex completion}: prints a script that completes the command's words with the tabulator. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that lets a shell complete the words of duplex.",
        footer = {
            "",
            "Examples:",
            "  source <(duplex completion bash)",
            "  source <(duplex completion zsh)",
        })
final class CompletionCommand implements Runnable {

    /** A shell that can be served; zsh reads the same script by its bashcompinit. */
    enum Shell { BASH, ZSH }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    CompletionCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void run() {
        streams.out().print(AutoComplete.bash("duplex", spec.root().commandLine()));
    }
}
