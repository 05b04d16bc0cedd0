// A real provider of OpenID Connect for the tests: any name logs in, with or without a word, and its claim
// `employeeid` is that name. Its one line of output is its issuer.
//   node provider.mjs FOLDER-OF-NODE-MODULES REDIRECT-URI CLIENT-ID CLIENT-SECRET AUTHENTICATION
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, redirect, clientId, secret, authentication] = process.argv.slice(2);
const { Provider } = await import(
  pathToFileURL(createRequire(`${folder}/`).resolve("oidc-provider")).href
);

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: secret,
        redirect_uris: [redirect],
        token_endpoint_auth_method: authentication,
        application_type: "native", // so that the redirect may be plain http on this machine
      },
    ],
    clientAuthMethods: [authentication],
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ["sub", "employeeid"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, employeeid: id, email: `${id}@kommun.example`, email_verified: true, name: id }),
    }),
    cookies: { keys: ["a key for tests alone"] },
  });
  server.on("request", provider.callback());
  process.stdout.write(`${issuer}\n`);
});
