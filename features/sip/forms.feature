Feature: Forms
  A header may be written in many ways, and an INVITE is decided alike in each: by compact names, in any case of letters,
  with blanks around the colon and within values, folded, in a list or in lines of its own.

  @sip.auth.accepted
  Rule: The right answer to the challenge sets the call up

    Scenario: However it is written
      Given a voice application with password authentication
      When INVITEs come with the right password, written with
        | compact names                         |
        | names in lower case                   |
        | names in upper case                   |
        | names in odd case                     |
        | blanks before the colon               |
        | a tab before the colon                |
        | nothing behind the colon              |
        | blanks behind the colon               |
        | values on the next line               |
        | blanks at the end                     |
        | blanks within Via                     |
        | Via parameters in odd case            |
        | a second Via in the same line         |
        | a second Via in a line of its own     |
        | display names                         |
        | To without brackets                   |
        | the scheme of To in upper case        |
        | the domain of To in upper case        |
        | parameters behind To                  |
        | credentials in odd case               |
        | blanks within the credentials         |
        | credentials without blanks            |
        | credentials on several lines          |
        | credentials in the opposite order     |
        | credentials that name no algorithm    |
        | the algorithm in small letters        |
        | unknown parameters in the credentials |
        | other credentials before them         |
      Then each gets through

  @sip.auth.wrong-password
  Rule: A wrong answer to a good challenge is refused

    Scenario: However it is written
      Given a voice application with password authentication
      When INVITEs come with a wrong password, written with
        | compact names                         |
        | names in lower case                   |
        | names in upper case                   |
        | names in odd case                     |
        | blanks before the colon               |
        | a tab before the colon                |
        | nothing behind the colon              |
        | blanks behind the colon               |
        | values on the next line               |
        | blanks at the end                     |
        | credentials in odd case               |
        | blanks within the credentials         |
        | credentials without blanks            |
        | credentials on several lines          |
        | credentials in the opposite order     |
        | credentials that name no algorithm    |
        | the algorithm in small letters        |
        | unknown parameters in the credentials |
        | other credentials before them         |
      Then each of them is answered with 401
      And none is passed on

  @sip.identity.to
  Rule: Another application in To is forbidden

    Scenario: However it is written
      Given a voice application with password authentication
      And another voice application with password authentication
      When INVITEs come with the other application in To, written with
        | compact names                  |
        | names in lower case            |
        | names in upper case            |
        | names in odd case              |
        | blanks before the colon        |
        | a tab before the colon         |
        | nothing behind the colon       |
        | blanks behind the colon        |
        | values on the next line        |
        | blanks at the end              |
        | display names                  |
        | To without brackets            |
        | the scheme of To in upper case |
        | the domain of To in upper case |
        | parameters behind To           |
      Then each of them is answered with 403
      And none is passed on

  @sip.hops
  Rule: A request that may not travel any further is answered with 483

    Scenario: However it is written
      Given a voice application with password authentication
      When INVITEs come with Max-Forwards 0, written with
        | compact names            |
        | names in lower case      |
        | names in upper case      |
        | names in odd case        |
        | blanks before the colon  |
        | a tab before the colon   |
        | nothing behind the colon |
        | blanks behind the colon  |
        | values on the next line  |
        | blanks at the end        |
      Then each of them is answered with 483
      And none is passed on
