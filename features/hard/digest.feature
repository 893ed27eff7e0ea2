Feature: Attacks on digest authentication
  Who does not hold the password tries it with the nonce, the nonce count and the service's own credentials.

  @hard.digest.foreign-nonce
  Rule: A nonce that the service never issued is worth nothing, whatever it looks like

    Scenario: Nonces of all kinds
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it answers with its password to these nonces
        | an issued one with another beginning                          |
        | an issued one with another character in the middle            |
        | an issued one with another character near its end             |
        | an issued one in the other case                               |
        | an issued one with one character less                         |
        | an issued one with one character more                         |
        | an issued one twice                                           |
        | random characters in the form of an issued one                |
        | the time and random characters in the length of an issued one |
        | one of another realm                                          |
        | a short one                                                   |
        | an empty one                                                  |
        | one of 8,000 characters                                       |
      Then each is challenged with a nonce not seen before
      And none is passed on
      But the right answer with the nonce count 1 gets through

  @hard.digest.replay
  Rule: A nonce count is good once, and no lower one is good after it

    Scenario: Counts that were used, and lower ones
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it answers with its password and the nonce counts 1 and 5
      And it answers once more, with the nonce counts 5, 3, 1, 2 and 0
      Then each is challenged with a nonce not seen before
      And none is passed on

    Scenario: The same credentials, octet for octet
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it and another caller send those credentials again
      Then each is challenged with a nonce not seen before
      And none is passed on

  @hard.digest.form
  Rule: Credentials that can be read in two ways, or in none, let nobody in

    Scenario: The digest is right, and the form is not
      Given a voice application with password authentication
      When INVITEs come with the right digest, in credentials with
        | a nonce count of seven digits             |
        | a nonce count of nine digits              |
        | a nonce count with a sign                 |
        | a nonce count that is no number           |
        | a parameter without a value               |
        | a parameter without a name                |
        | another user name before the right one    |
        | another user name behind the right one    |
        | another realm before the right one        |
        | another realm behind the right one        |
        | another nonce before the right one        |
        | another nonce behind the right one        |
        | another uri before the right one          |
        | another uri behind the right one          |
        | another algorithm before the right one    |
        | another algorithm behind the right one    |
        | another qop before the right one          |
        | another qop behind the right one          |
        | another nonce count before the right one  |
        | another nonce count behind the right one  |
        | another client nonce before the right one |
        | another client nonce behind the right one |
        | another response before the right one     |
        | another response behind the right one     |
      Then each gets a refusal or no answer
      And none is passed on

  @hard.digest.nonce-poisoning
  Rule: A wrong digest uses no nonce count up

    Scenario Outline: Wrong with <poison> by <who>, then right with 2
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And <who> answers with a wrong password and the nonce count <poison>
      Then the right answer with the nonce count 2 gets through

      Examples:
        | who            | poison   |
        | it             | ffffffff |
        | it             | fffffffe |
        | it             | 00000002 |
        | another caller | ffffffff |

  @hard.digest.uri
  Rule: A digest that was made for somebody else opens no door

    Scenario: The password is right, and the uri is not the service's
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with right digests, each to a fresh challenge, for
        | the application at another host                 |
        | the application at a subdomain                  |
        | the application at a domain that begins alike   |
        | another host alone                              |
        | another host, with the domain as its user       |
        | another host, with the domain as maddr          |
        | another host, with the domain in a header       |
        | another host behind the domain                  |
        | the domain behind another host                  |
        | the other application                           |
        | the user of the other application's SIP URI     |
        | a user that nobody has                          |
        | a telephone number                              |
        | the domain in http                              |
        | the domain without a scheme                     |
        | an asterisk                                     |
        | a word                                          |
        | nothing                                         |
      Then each is challenged with a nonce not seen before
      And none is passed on

    Scenario: Every way to name the service
      Given a voice application with password authentication
      When the first is called with right digests, each to a fresh challenge, for
        | the application                   |
        | the application's id              |
        | the user of its SIP URI           |
        | the domain alone                  |
        | the domain in upper case          |
        | the domain with a port            |
        | the domain with a parameter       |
        | the scheme in upper case          |
        | the service's address alone       |
        | the service's address with a port |
        | the application at the address    |
      Then each gets through

  @hard.digest.leak
  Rule: The service answers no challenge to requests that it passes on

    Scenario Outline: The voice platform's <request> is challenged
      Given a voice application with password authentication
      When calls with its password are answered, and the caller challenges the <request> that comes
        | 407 | Proxy-Authenticate | the service's realm |
        | 407 | Proxy-Authenticate | another realm       |
        | 401 | WWW-Authenticate   | the service's realm |
        | 401 | WWW-Authenticate   | another realm       |
        | 401 | WWW-Authenticate   | no realm            |
      Then the caller is never sent any credentials

      Examples:
        | request   |
        | BYE       |
        | re-INVITE |
