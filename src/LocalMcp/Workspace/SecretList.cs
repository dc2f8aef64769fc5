namespace LocalMcp.Workspace;

// The list. A file is on it when its name says that it holds what lets somebody in: what such a file holds would end in the context of a cloud model.
// Names that source code bears as well (credentials, secrets, token) are hints: a suffix of source code or prose takes them off the list.
internal sealed partial class SecretFiles
{
    internal static IReadOnlyList<SecretKind> Kinds { get; } =
    [
        new("environment files")
        {
            Files = [".env*", "*.env", ".flaskenv", ".dev.vars*", ".Renviron"],
            Folders = [".envs/"],
            Except = [.. SecretKind.Samples(".env*"), .. SecretKind.Samples("*.env"), .. SecretKind.Samples(".envrc"), .. SecretKind.Samples(".dev.vars")],
        },
        new("environment files") { Files = ["*.env.*", "env.local", "env.production"], Folders = [".env/"], Except = SecretKind.Samples("*"), IsHint = true },
        new("private keys")
        {
            Files =
            [
                "*.pem", "*.key", "*.p12", "*.pfx", "*.p8", "*.pk8", "*.pkcs12", "*.jks", "*.bks", "*.keystore", "*.ppk", "*.snk", "*.ovpn", "*.agekey", "secring.*", "ssh_host_*_key",
                "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_xmss",
            ],
            Folders = [".ssh/", ".gnupg/"],
            Except = ["*.pub"],
        },
        new("private keys")
        {
            Files = ["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*_rsa", "*_dsa", "*_ecdsa", "*_ed25519", "*.rsa", "wg[0-9].conf", "key.properties", "keystore.properties", "signing.properties", "private*.asc"],
            Except = ["*.pub"],
            IsHint = true,
        },
        new("password stores")
        {
            Files = ["*.kdb", "*.kdbx", "*.psafe3", "*.1pux", "*.keychain", "*.keychain-db", "bitwarden_export*"],
            Folders = [".password-store/", "*.opvault/", "*.agilekeychain/", "**/Library/Keychains/", "**/.config/op/"],
        },
        new("credentials of cloud services")
        {
            Files =
            [
                "**/.config/hub", "**/.config/containers/auth.json", "**/.docker/config.json", ".dockercfg", ".dockerconfigjson", ".s3cfg", ".boto", ".terraformrc", "terraform.rc", "*.tfrc.json", "rclone.conf",
                "kubeconfig", "*.kubeconfig", "kubeconfig.y*ml", "application_default_credentials.json", "client_secret*.json", "service-account*.json", "service_account*.json", "serviceAccount*.json",
                "*-service-account.json", "*firebase-adminsdk*.json", "*accessKeys.csv", "rootkey.csv", "*.publishsettings", "local.settings.json", ".databrickscfg", ".sentryclirc", ".ngrok.yml", "ngrok.yml",
            ],
            Folders =
            [
                ".aws/", ".azure/", ".kube/", ".oci/", ".aliyun/", ".bluemix/", ".snowflake/", ".snowsql/", ".cloudflared/", ".ngrok2/", ".fly/", ".railway/", ".dbt/", ".terraform.d/",
                "**/.config/gcloud/", "**/.config/gh/", "**/.config/glab-cli/", "**/.config/doctl/", "**/.config/rclone/", "**/.config/heroku/", "**/.config/netlify/", "**/.config/stripe/", "**/.config/sops/",
                "**/.config/ngrok/", "**/.config/.wrangler/", "**/.config/configstore/", "**/.microsoft/usersecrets/",
            ],
        },
        new("state of Terraform, which holds secrets in the clear") { Files = ["*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json"] },
        new("logins and tokens of tools")
        {
            Files =
            [
                ".netrc", "_netrc", ".authinfo*", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".git-credentials", ".gitcookies", "**/.config/git/credentials", "**/.git/**/config", "**/.git/**/config.worktree",
                "**/.git/config", "**/.hg/hgrc", ".htpasswd", ".htdigest", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".vault-token", ".vault-pass*", ".vault_pass*", "vault_pass*.txt", ".msmtprc", ".esmtprc",
                ".fetchmailrc", ".smbcredentials", ".dbshell", ".claude.json*", "**/.claude/.credentials.json", "claude_desktop_config.json", "**/.codex/auth.json", "**/.gemini/oauth_creds.json", "**/huggingface/token",
                "**/huggingface/stored_tokens", "**/.huggingface/token", "kaggle.json", "**/.cargo/credentials*", "**/.m2/settings*.xml", "**/.gradle/gradle.properties", "**/.gem/credentials", "**/.bundle/config",
                "**/.composer/auth.json", "**/.config/composer/auth.json", "**/.nuget/NuGet/NuGet.Config", "**/.config/NuGet/NuGet.Config", "**/.pip/pip.conf", "**/.config/pip/pip.conf", "sftp-config.json",
                "**/.vscode/sftp.json", ".ftpconfig", ".remote-sync.json", "sitemanager.xml", "recentservers.xml", "**/.idea/dataSources.local.xml", "**/.idea/webServers.xml", "wp-config.php", "**/etc/shadow*", "**/etc/gshadow*",
                "**/.config/local-mcp/settings.json",
            ],
            Folders = ["**/.svn/auth/", "**/.config/github-copilot/", "**/.local/share/keyrings/"],
        },
        new("credentials")
        {
            Files =
            [
                "credentials", "credentials.*", "*-credentials.*", "*_credentials.*", "*.credentials", ".credentials", "secrets", "secrets.*", "secret.*", "*-secret.y*ml", "*-secrets.y*ml", "*_secrets.*", "*.secrets.*",
                "*.secret", "*.secrets", ".secret", ".secrets", "password", "passwords", "password.txt", "passwords.*", ".password", ".passwords", ".passwd", "/auth.json",
                "token", "token.txt", "token.json", "*.token", ".token", "*[-_]token.txt", "*[-_]token.json", "access_token", "auth_token", ".access_token", ".auth_token", "api_key", "api_key.txt", "api[-_]keys.*", "apikey", "apikey.txt",
                "apikeys.*", ".apikey", ".api_key", "gcp-key.json", "gcloud-service-key.json",
            ],
            Folders = ["secrets/", ".secrets/"],
            Except = SecretKind.SamplesOfAnything,
            IsHint = true,
        },
        new("histories of shells, which hold what was typed") { Files = [".*_history", "fish_history", ".histfile", ".zhistory", ".zsh_history*", ".Rhistory", "ConsoleHost_history.txt", ".lesshst", ".viminfo"] },
        new("logins and cookies of browsers")
        {
            Files = ["Login Data", "Cookies", "cookies.sqlite*", "cookies.txt", "logins.json", "key3.db", "key4.db", "signons.sqlite"],
            Folders =
            [
                ".mozilla/", ".thunderbird/", "**/.config/google-chrome*/", "**/.config/chromium/", "**/.config/BraveSoftware/", "**/.config/microsoft-edge*/", "**/Library/Cookies/",
                "**/Library/Application Support/Google/Chrome*/", "**/Library/Application Support/Firefox/", "**/Library/Application Support/BraveSoftware/",
            ],
        },
    ];
}
