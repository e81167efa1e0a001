/** Words of a space-separated list. */
const listOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Passwords of 12 and more characters that lists of leaked ones begin with and no rule of `password.ts` sees, lower case. */
export const commonPasswords = listOf(`
  1q2w3e4r5t6y 1q2w3e4r5t6y7u8i q1w2e3r4t5y6 q1w2e3r4t5y6u7i8 zaq12wsxcde3 zaq1xsw2cde3 zaq!xsw2cde# xsw2zaq1cde3
  qazwsxedcrfv qazwsxedc123 qazwsx123456 qweasdzxc123 qweasdzxcrty asdfqwer1234 asdf1234qwer qwer1234asdf 1234qwerasdf
  qwer4321rewq a1b2c3d4e5f6 a1s2d3f4g5h6 1a2b3c4d5e6f abc123abc123 abcd1234abcd abcd1234efgh abcd1234!@#$ aa1234567890
  a1234567890a q1234567890q admin123admin admin@123456 root@1234567 adminadminadmin passwordpassword pass1234word
  password1password letmeinletmein ihavenopassword thisismypassword thisisapassword mypasswordismine nopasswordhere
  correcthorsebatterystaple correct-horse-battery-staple correct horse battery staple correcthorsebattery
  trustno1trustno1 iloveyouforever iloveyousomuch iloveyoubaby iloveyoumore iloveyou4ever iloveyou2much iloveyoumom
  iloveyou1234567 iloveyou12345678 ilovemyfamily ilovemymother ilovemyself1 ilovejesus123 jesusismylord jesusislord1
  jesuschrist1 jesussaves123 godisgoodallthetime godisgood123 godblessyou1 blessed12345 letmein12345 letmeinplease
  letmeinnow123 openseasame1 opensesame12 opensesame123 openthedoor1 changemenow1 changeme1234 changemeplease
  change_me_please changethis12 changethispassword defaultpassword default12345 temporary123 temporarypassword
  temppassword1 testpassword1 testtesttest testing12345 test1234test1234 guestguestguest supersecret12 supersecretpassword
  topsecret1234 verysecret12 secretpassword secretsecret1 mysecretpassword administrator administrator1 administrator123
  superuser1234 systemadmin1 manager12345 welcome2world welcometothejungle welcome12345678 welcomehome1 helloworld12
  helloworld123 hellohello12 hellokitty12 hellokitty123 goodmorning1 goodmorning123 sunshine12345 princess12345 football12345
  baseball12345 basketball12 basketball123 superman12345 batmanbatman spiderman123 starwars1234 harrypotter1 harrypotter7
  pokemon12345 dragonball12 dragonballz1 minecraft123 fortnite1234 manchesterunited manchester123 liverpoolfc1 liverpoolfc123
  chelseafc123 barcelona123 realmadrid12 realmadrid123 juventus1234 arsenalfc123 monkey123456 qwerty123456 qwerty12345678
  qwertyuiop12 qwertyuiop123 qwertyuiop12345 qwertyqwerty azertyuiop12 azertyuiop123 asdfghjkl123 asdfghjkl1234 zxcvbnm12345
  zxcvbnm123456 123456789abc 123456789abcd 123456789qwe 1234567890qwe 1234567890abc 123456qwerty 12345qwertyu 123qwe123qwe
  123qweasdzxc 123qweasd123 1qazxsw23edc 1qazxsw2#edc !qaz2wsx#edc !qaz@wsx#edc !@#$%^&*()_+ !@#$%^&*()1234 passw0rd1234
  p@ssw0rd1234 p@ssword1234 p@55w0rd1234 pa$$w0rd1234 passwort1234 motdepasse123 motdepasse1234 contrasena123 contraseña123
  senha1234567 parola123456 wachtwoord12 wachtwoord123 salasana1234 lozinka12345 heslo1234567 jelszo123456 haslo1234567
  parool123456 geheim123456 geheimgeheim hallohallo12 ficken123456 schatz123456 bonjour12345 soleil123456 doudou123456
  michael12345 michelle1234 jessica12345 jennifer1234 charlie12345 ashley123456 daniel123456 jordan123456 andrew123456
  matthew12345 anthony12345 nicole123456 thomas123456 robert123456 summer2023summer winter2023winter summertime12
  januaryfebruary mondaytuesday monday2friday january12345 december1234 november1234 september123 microsoft123 windows12345
  google123456 facebook1234 linkedin1234 linkedin2012 dropbox12345 adobe1234567 github123456 docker123456 kubernetes12
  postgres1234 postgrespostgres mysql1234567 oracle123456 database1234 server123456 serverserver cisco1234567 raspberry123
  raspberrypi1 ubuntu123456 debian123456 centos123456 jenkins12345 gitlab123456 ansible12345 vagrantvagrant hunter2hunter2
  onceuponatime nevergonnagiveyouup tobeornottobe maytheforcebewithyou allyourbasearebelongtous livelaughlove
  livelovelaugh hakunamatata carpediem123 wonderwall12 stairwaytoheaven bohemianrhapsody onetwothreefour twothreefour5
`)

/** Words that lists of leaked passwords are made of by padding: digits, signs and a second such word do not help them. */
export const commonWords = listOf(`
  password passwort passwd passphrase motdepasse contrasena senha parola wachtwoord salasana geheim secret secrets letmein
  welcome willkommen bienvenue changeme change default temporary temp test testing tester demo guest user username login
  logon signin access admin administrator root superuser sysadmin system manager master owner office company corporate
  business service support helpdesk server database postgres mysql oracle docker github gitlab google facebook twitter
  instagram linkedin microsoft windows apple samsung amazon netflix spotify internet computer laptop keyboard network
  security secure private confidential approval approve qwerty qwertz azerty asdf zxcv abc abcd abcdef hello hallo bonjour
  hola ciao goodbye world sunshine sunflower princess prince queen king dragon monkey tiger lion eagle falcon shadow ninja
  pirate wizard knight warrior hunter killer soldier captain champion football baseball basketball hockey soccer tennis
  superman batman spiderman ironman starwars pokemon pikachu minecraft fortnite matrix trustno iloveyou ilove loveyou love
  lover lovely baby angel honey sweet sweetheart darling beautiful butterfly flower cookie chocolate cheese banana orange
  cherry pepper ginger coffee summer winter spring autumn january february march april may june july august september october
  november december monday tuesday wednesday thursday friday saturday sunday london paris berlin madrid newyork chicago dallas
  america england germany france michael jessica jennifer michelle charlie ashley daniel jordan andrew matthew anthony nicole
  thomas robert george william james david john mary maria anna jesus christ heaven freedom forever whatever nothing liverpool
  arsenal chelsea barcelona realmadrid manchester juventus mustang ferrari porsche mercedes harley yankees cowboys lakers
  phoenix diamond silver golden purple yellow family mother father brother sister friend friends happy lucky money dollar
`)
