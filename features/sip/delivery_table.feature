Feature: Every message that is passed on
  A call is made of messages, and the service passes each of them on. The rows of this table combine

  - the message: INVITE, re-INVITE, ACK, BYE, INFO, UPDATE, PRACK, OPTIONS, MESSAGE, REFER, NOTIFY and one that nobody
    knows, and their provisional, good and bad answers;
  - its direction: to the voice platform, or to the caller;
  - the caller's transport: UDP or TCP;
  - what it carries: see each rule.

  How header lines are written decides nothing, and is mixed in: long, compact or in odd case; with a blank after the
  colon, with none, or with blanks and tabs around it.

  What was sent and what arrived are compared. A service may add header fields, write names in another way, undo folds,
  write lists in one line or in many, and put fields of different names in another order. It may refuse a method itself,
  but neither INVITE nor ACK nor BYE.

  @sip.headers.standard-kept
  Rule: Header fields reach the call flow as they were sent

    Unknown fields, several of one name, lists, empty and folded values, escapes, UTF-8 and what is none, quoted names.

    @long
    Scenario: In every request to the voice platform
      When the messages that sip.headers.standard-kept speaks of are sent
      Then each arrives as the rule says

  @sip.headers.vendor-stripped
  Rule: X- fields do not reach the call flow

    In small letters, repeated, folded, behind folded fields, without a value, at the first and at the last place.

    @long
    Scenario: In every request to the voice platform
      When the messages that sip.headers.vendor-stripped speaks of are sent
      Then each arrives as the rule says

  @sip.headers.credentials-consumed
  Rule: Credentials for the service do not leave it

    @long
    Scenario: In every request to the voice platform
      When the messages that sip.headers.credentials-consumed speaks of are sent
      Then each arrives as the rule says

  @sip.auth.foreign-realm
  Rule: Credentials for another realm are passed on

    @long
    Scenario: In every request to the voice platform
      When the messages that sip.auth.foreign-realm speaks of are sent
      Then each arrives as the rule says

  @sip.hops.decrement
  Rule: A delivered INVITE may make one hop less

    Max-Forwards 1, 70, 255, and none.

    @long
    Scenario: From every number
      When the messages that sip.hops.decrement speaks of are sent
      Then each arrives as the rule says

  @sip.hops.every-method
  Rule: Every request of a call may make one hop less

    @long
    Scenario: Both ways
      When the messages that sip.hops.every-method speaks of are sent
      Then each arrives as the rule says

  @sip.via.one
  Rule: A request gets one Via, and its answer loses it

    One Via, several lines of Via, several in a line, one in odd form.

    @long
    Scenario: Both ways
      When the messages that sip.via.one speaks of are sent
      Then each arrives as the rule says

  @sip.rport
  Rule: An answer tells the caller where its request came from

    A Via with rport that names the source, that names a host, with others in its line.

    @long
    Scenario: In every answer to the caller
      When the messages that sip.rport speaks of are sent
      Then each arrives as the rule says

  @sip.route.own
  Rule: The Route of the service is taken out, and no other

    Its Route alone, with others in one line, with others in lines of their own.

    @long
    Scenario: Both ways
      When the messages that sip.route.own speaks of are sent
      Then each arrives as the rule says

  @sip.route.strict
  Rule: What a strict router did to the route is undone

    The Request-URI is the service's own URI, and the last Route is where the request is to go: alone, with others in one
    line, with others in lines of their own.

    @long
    Scenario: Both ways
      When the messages that sip.route.strict speaks of are sent
      Then each arrives as the rule says

  @sip.dialog.in-route
  Rule: The service stays on the route of the call

    Alone, and beside proxies of the caller and of the voice platform.

    @long
    Scenario: INVITE, re-INVITE, ACK and BYE, both ways
      When the messages that sip.dialog.in-route speaks of are sent
      Then each arrives as the rule says

  @sip.message.forms
  Rule: Whatever form it has, a message arrives as it was sent

    Header fields of all the forms above, bodies of text, of octets, of header lines and of parts.

    @long
    Scenario: Requests and answers, both ways
      When the messages that sip.message.forms speaks of are sent
      Then each arrives as the rule says

  @sip.body.length
  Rule: What is passed on over TCP says how long its body is

    The voice platform sends its requests and answers over UDP, with and without Content-Length, with and without a body.

    @long
    Scenario: Requests and answers to the caller
      When the messages that sip.body.length speaks of are sent
      Then each arrives as the rule says
