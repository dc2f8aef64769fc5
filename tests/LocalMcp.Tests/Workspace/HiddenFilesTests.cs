using LocalMcp.State;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class HiddenFilesTests
{
    [Theory]
    [InlineData(".env", "environment files")]
    [InlineData("deploy/.ENV", "environment files")]
    [InlineData(".env.local", "environment files")]
    [InlineData(".env_production", "environment files")]
    [InlineData("prod.env", "environment files")]
    [InlineData("prod.env.local", "environment files")]
    [InlineData(".envrc", "environment files")]
    [InlineData(".envs/.production/.django", "environment files")]
    [InlineData(".dev.vars", "environment files")]
    [InlineData("certs/server.pem", "private keys")]
    [InlineData("server.key", "private keys")]
    [InlineData("SERVER.KEY", "private keys")]
    [InlineData("www.example.com.key", "private keys")]
    [InlineData("a.p12", "private keys")]
    [InlineData("a.pfx", "private keys")]
    [InlineData("android/release.jks", "private keys")]
    [InlineData("android/release.keystore", "private keys")]
    [InlineData("android/key.properties", "private keys")]
    [InlineData("putty.ppk", "private keys")]
    [InlineData("id_rsa", "private keys")]
    [InlineData("id_rsa_old", "private keys")]
    [InlineData("id_ed25519", "private keys")]
    [InlineData("deploy_rsa", "private keys")]
    [InlineData("ssh_host_ed25519_key", "private keys")]
    [InlineData(".ssh/config", "private keys")]
    [InlineData("home/.ssh/known_hosts", "private keys")]
    [InlineData(".gnupg/private-keys-v1.d/a", "private keys")]
    [InlineData("team.kdbx", "password stores")]
    [InlineData(".password-store/a.gpg", "password stores")]
    [InlineData(".aws/credentials", "credentials of cloud services")]
    [InlineData(".aws/config", "credentials of cloud services")]
    [InlineData(".kube/config", "credentials of cloud services")]
    [InlineData("kubeconfig", "credentials of cloud services")]
    [InlineData(".docker/config.json", "credentials of cloud services")]
    [InlineData("home/.docker/config.json", "credentials of cloud services")]
    [InlineData(".azure/accessTokens.json", "credentials of cloud services")]
    [InlineData(".config/gcloud/credentials.db", "credentials of cloud services")]
    [InlineData(".config/gh/hosts.yml", "credentials of cloud services")]
    [InlineData("service-account-prod.json", "credentials of cloud services")]
    [InlineData("serviceAccountKey.json", "credentials of cloud services")]
    [InlineData("client_secret_12.apps.json", "credentials of cloud services")]
    [InlineData("my-app-firebase-adminsdk-x1.json", "credentials of cloud services")]
    [InlineData("local.settings.json", "credentials of cloud services")]
    [InlineData("terraform.tfstate", "state of Terraform, which holds secrets in the clear")]
    [InlineData("terraform.tfstate.backup", "state of Terraform, which holds secrets in the clear")]
    [InlineData("prod.tfvars", "state of Terraform, which holds secrets in the clear")]
    [InlineData(".netrc", "logins and tokens of tools")]
    [InlineData("_netrc", "logins and tokens of tools")]
    [InlineData(".npmrc", "logins and tokens of tools")]
    [InlineData(".yarnrc.yml", "logins and tokens of tools")]
    [InlineData(".pypirc", "logins and tokens of tools")]
    [InlineData(".git-credentials", "logins and tokens of tools")]
    [InlineData(".git/config", "logins and tokens of tools")]
    [InlineData("sub/.git/config", "logins and tokens of tools")]
    [InlineData(".git/modules/lib/config", "logins and tokens of tools")]
    [InlineData(".htpasswd", "logins and tokens of tools")]
    [InlineData(".pgpass", "logins and tokens of tools")]
    [InlineData(".my.cnf", "logins and tokens of tools")]
    [InlineData(".vault-token", "logins and tokens of tools")]
    [InlineData(".claude.json", "logins and tokens of tools")]
    [InlineData(".claude/.credentials.json", "logins and tokens of tools")]
    [InlineData(".cargo/credentials.toml", "logins and tokens of tools")]
    [InlineData(".m2/settings.xml", "logins and tokens of tools")]
    [InlineData(".gradle/gradle.properties", "logins and tokens of tools")]
    [InlineData(".nuget/NuGet/NuGet.Config", "logins and tokens of tools")]
    [InlineData(".cache/huggingface/token", "logins and tokens of tools")]
    [InlineData(".config/local-mcp/settings.json", "logins and tokens of tools")]
    [InlineData("wp-config.php", "logins and tokens of tools")]
    [InlineData("credentials", "credentials")]
    [InlineData("credentials.json", "credentials")]
    [InlineData("google-credentials.json", "credentials")]
    [InlineData("config/credentials.yml.enc", "credentials")]
    [InlineData("secrets.yml", "credentials")]
    [InlineData("config/secrets.prod.yaml", "credentials")]
    [InlineData("secrets.toml", "credentials")]
    [InlineData("k8s/db-secret.yaml", "credentials")]
    [InlineData("secrets/db_password.txt", "credentials")]
    [InlineData("token.json", "credentials")]
    [InlineData("github_token.txt", "credentials")]
    [InlineData("passwords.csv", "credentials")]
    [InlineData("auth.json", "credentials")]
    [InlineData(".bash_history", "histories of shells, which hold what was typed")]
    [InlineData(".python_history", "histories of shells, which hold what was typed")]
    [InlineData(".mozilla/firefox/x/prefs.js", "logins and cookies of browsers")]
    [InlineData("profile/cookies.sqlite", "logins and cookies of browsers")]
    public void Keeps_secret_files_closed(string file, string what)
    {
        using var project = new TemporaryProject().With(file, "{}");
        Assert.Equal($"on the list of secret files ({what}); files.allow_secrets in settings.json opens it", Hidden(project).Why(project.PathOf(file), writing: false));
        Assert.Equal(Hidden(project).Why(project.PathOf(file), writing: false), Hidden(project).Why(project.PathOf(file), writing: true));
        Assert.Null(Hidden(project, "*").Why(project.PathOf(file), writing: false));
    }

    [Theory]
    [InlineData(".env.example")]
    [InlineData(".env.sample")]
    [InlineData(".env.template")]
    [InlineData(".env.dist")]
    [InlineData(".env.local.example")]
    [InlineData("prod.env.example")]
    [InlineData("src/vite-env.d.ts")]
    [InlineData("src/vite.env.d.ts")]
    [InlineData("src/environment.ts")]
    [InlineData("src/Chat/TokenEstimate.cs")]
    [InlineData("src/token/lexer.rs")]
    [InlineData("src/token.rs")]
    [InlineData("src/tokens.json")]
    [InlineData("models/tokenizer.json")]
    [InlineData("src/credentials.ts")]
    [InlineData("src/credentials/index.ts")]
    [InlineData("src/credentials/data.json")]
    [InlineData("src/SecretFiles.cs")]
    [InlineData("src/secrets/manager.go")]
    [InlineData("src/secrets.py")]
    [InlineData("docs/secrets/README.md")]
    [InlineData("src/keys.py")]
    [InlineData("src/key.ts")]
    [InlineData("src/id_rsa_parser.c")]
    [InlineData("keys/id_rsa.pub")]
    [InlineData("keys/id_ed25519.pub")]
    [InlineData(".ssh/id_ed25519.pub")]
    [InlineData("certs/server.crt")]
    [InlineData("locales/en/auth.json")]
    [InlineData(".github/workflows/build.yml")]
    [InlineData("nuget.config")]
    [InlineData("gradle.properties")]
    [InlineData("settings.xml")]
    [InlineData("config.json")]
    [InlineData("docker/config.json")]
    [InlineData("appsettings.json")]
    [InlineData("settings.json")]
    [InlineData(".claude/settings.json")]
    [InlineData("secrets.example.yaml")]
    [InlineData("secrets.yml.example")]
    [InlineData("credentials.sample.json")]
    [InlineData("terraform.tfvars.example")]
    [InlineData("main.tf")]
    [InlineData("package.json")]
    [InlineData("src/history.ts")]
    [InlineData("src/Cookies.tsx")]
    [InlineData("src/password.tsx")]
    [InlineData("app/models/user_credentials.rb")]
    [InlineData(".gitignore")]
    [InlineData(".git/HEAD")]
    [InlineData(".editorconfig")]
    [InlineData("crypto_rsa/mod.rs")]
    public void Leaves_source_code_and_examples_open(string file)
    {
        using var project = new TemporaryProject().With(file, "{}");
        Assert.Null(Hidden(project).Why(project.PathOf(file), writing: false));
    }

    [Fact]
    public void Judges_the_name_that_was_given_and_the_place_that_it_leads_to()
    {
        using var project = new TemporaryProject().With(".env").With("notes.txt").WithLink("plain.txt", ".env").WithLink("id_rsa", "notes.txt").With("keys/.ssh/a").WithLink("folder", "keys/.ssh");
        foreach (var hidden in new[] { "plain.txt", "id_rsa", "folder/a" })
            Assert.NotNull(Hidden(project).Why(project.PathOf(hidden), writing: false));
        Assert.NotNull(Hidden(project, "plain.txt").Why(project.PathOf("plain.txt"), writing: false));
        Assert.Null(Hidden(project, ".env").Why(project.PathOf("plain.txt"), writing: false));
    }

    [Fact]
    public void Knows_a_secret_folder_that_the_project_itself_lies_in()
    {
        using var project = new TemporaryProject().With(".ssh/project/a.txt").With("secrets/project/a.txt");
        Assert.NotNull(Hidden(project).Why(ProjectPath.Of("a.txt", new Roots([project.At(".ssh/project")])), writing: false));
        Assert.Null(Hidden(project).Why(ProjectPath.Of("a.txt", new Roots([project.At("secrets/project")])), writing: false));
    }

    [Fact]
    public void Opens_only_what_the_settings_open_and_no_rule_of_Claude_Code()
    {
        using var project = new TemporaryProject().With(".env.test").With(".env").With("sub/.env.test").With("denied/.env.test").With(".claude/settings.json", """{ "permissions": { "deny": ["Read(denied/**)"] } }""");
        var hidden = Hidden(project, ".env.*", "!sub/.env.test");
        Assert.Null(hidden.Why(project.PathOf(".env.test"), writing: false));
        Assert.NotNull(hidden.Why(project.PathOf(".env"), writing: false));
        Assert.NotNull(hidden.Why(project.PathOf("sub/.env.test"), writing: false));
        Assert.Equal("hidden from Claude by Read(denied/**) in .claude/settings.json", hidden.Why(project.PathOf("denied/.env.test"), writing: false));
    }

    [Fact]
    public void Keeps_its_own_settings_closed_wherever_they_are()
    {
        using var project = new TemporaryProject().With("conf/local-mcp/settings.json").With("hf/token.txt").WithLink("way.json", "conf/local-mcp/settings.json");
        var hidden = HiddenFiles.Of(project.Roots, project.Environment(("XDG_CONFIG_HOME", project.At("conf")), ("HF_TOKEN_PATH", project.At("hf/token.txt"))), new Settings());
        foreach (var name in new[] { "conf/local-mcp/settings.json", "way.json" })
            Assert.Contains("(keys of this program)", hidden.Why(project.PathOf(name), writing: false), StringComparison.Ordinal);
        Assert.NotNull(hidden.Why(project.PathOf("hf/token.txt"), writing: false));
    }

    [Fact]
    public void Knows_folders_in_which_nothing_may_be_read()
    {
        using var project = new TemporaryProject().With(".ssh/a").With("src/secrets/a").With("src/a").With("denied/a").With(".claude/settings.json", """{ "permissions": { "deny": ["Read(denied/)"] } }""");
        var hidden = Hidden(project);
        foreach (var folder in new[] { ".ssh", "denied" })
            Assert.NotNull(hidden.WhyFolder(project.PathOf(folder), writing: false));
        foreach (var folder in new[] { "src", "src/secrets" })
            Assert.Null(hidden.WhyFolder(project.PathOf(folder), writing: false));
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit", "git runs programs")]
    [InlineData(".GIT/hooks/pre-commit", "git runs programs")]
    [InlineData("sub/.git/hooks/pre-commit", "git runs programs")]
    [InlineData(".git", "git runs programs")]
    [InlineData(".husky/pre-push", "git runs programs")]
    [InlineData(".gitmodules", "git runs programs")]
    [InlineData(".pre-commit-config.yaml", "git runs programs")]
    [InlineData(".claude/settings.json", "coding agents")]
    [InlineData(".claude/commands/x.md", "coding agents")]
    [InlineData("CLAUDE.md", "coding agents")]
    [InlineData("sub/claude.md", "coding agents")]
    [InlineData("AGENTS.md", "coding agents")]
    [InlineData(".mcp.json", "coding agents")]
    [InlineData(".cursor/rules/x.mdc", "coding agents")]
    [InlineData(".github/copilot-instructions.md", "coding agents")]
    [InlineData(".vscode/tasks.json", "editors run programs")]
    [InlineData(".idea/workspace.xml", "editors run programs")]
    [InlineData(".devcontainer/devcontainer.json", "editors run programs")]
    [InlineData(".bashrc", "a shell runs")]
    [InlineData("mise.toml", "a shell runs")]
    [InlineData(".cargo/config.toml", "build tools load")]
    [InlineData(".mvn/jvm.config", "build tools load")]
    [InlineData("gradle/wrapper/gradle-wrapper.properties", "build tools load")]
    [InlineData(".claude/worktrees/feature/.claude/settings.json", "coding agents")]
    [InlineData("way/pre-commit", "git runs programs")]
    public void Lets_no_answer_be_written_where_a_program_obeys_it_by_itself(string file, string what)
    {
        using var project = new TemporaryProject().With(".git-too/x");
        if (file.StartsWith("way/", StringComparison.Ordinal))
            project.With(".git/hooks/x").WithLink("way", ".git/hooks");
        var why = Hidden(project).Why(project.PathOf(file, mayBeMissing: true), writing: true);
        Assert.Contains(what, why, StringComparison.Ordinal);
        Assert.EndsWith("which an answer must not write; let it be written elsewhere, and copy it after a look", why, StringComparison.Ordinal);
        Assert.Null(Hidden(project).Why(project.PathOf(file, mayBeMissing: true), writing: false));
    }

    [Theory]
    [InlineData("src/Parser.cs")]
    [InlineData("docs/claude.txt")]
    [InlineData("README.md")]
    [InlineData(".github/workflows/build.yml")]
    [InlineData(".gitignore")]
    [InlineData(".gitattributes")]
    [InlineData(".editorconfig")]
    [InlineData("Makefile")]
    [InlineData("package.json")]
    [InlineData("scripts/run.sh")]
    [InlineData(".claude/worktrees/feature/src/a.cs")]
    public void Lets_answers_be_written_where_somebody_looks_before_anything_runs(string file)
    {
        using var project = new TemporaryProject();
        Assert.Null(Hidden(project).Why(project.PathOf(file, mayBeMissing: true), writing: true));
    }

    private static HiddenFiles Hidden(TemporaryProject project, params string[] allowed) =>
        HiddenFiles.Of(project.Roots, project.Environment(), new Settings { Files = new FileSettings { AllowSecrets = [.. allowed] } });
}
