import RecastModel
import Testing

@Suite struct SensitivityTests {
    @Test(arguments: [
        "DB_PASSWORD", "PGPASSWORD", "PGPASS", "DB_PWD", "dbPwd", "SMTP_PASS", "MAIL_PW", "JWT", "JWT_KEY", "CREDS",
        "aws-creds", "API_TOKEN", "BASIC_AUTH", "APIKEY", "token", "AWS_SECRET_ACCESS_KEY", "API_KEY", "MY_PASSPHRASE",
    ])
    func `a name can say that it is a secret's`(name: String) { #expect(Sensitivity.isSensitive(name: name)) }

    @Test(arguments: [
        "PWD", "OLDPWD", "COMPASS", "BYPASS_CACHE", "PASSENGERS", "LOG_LEVEL", "AUTHOR", "PATH", "KEYBOARD", "PORT", "",
    ])
    func `other names say nothing of the kind`(name: String) { #expect(!Sensitivity.isSensitive(name: name)) }

    @Test(arguments: [
        ("postgres://u:p@db/x", true), ("--dsn=amqp://u:p@mq", true), ("redis://:p@cache:6379", true),
        ("see redis://:word@host:1/0 for more", true), ("https://a:b@c", true), ("mail@host", false), ("", false),
        ("https://user@host/", false), ("https://host:80/a@b:c", false), ("a:b@c", false),
    ])
    func `a URL can carry a password`(value: String, isSecret: Bool) {
        #expect(Sensitivity.isSensitive(value: value) == isSecret)
    }
}
