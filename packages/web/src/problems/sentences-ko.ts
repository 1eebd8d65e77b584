/** Every sentence with which the API refuses, in Korean. */
export const sentencesKo = {
  // Of any route.
  'The body has {0} bytes; at most {1} are taken.': '보낸 내용이 {0}바이트입니다. 최대 {1}바이트까지 보낼 수 있습니다.',
  'The body is not valid JSON.': '보낸 내용이 올바른 JSON이 아닙니다.',
  'Send the body as JSON, with content-type application/json.':
    '내용을 JSON(content-type application/json)으로 보내 주세요.',
  'There is no such route.': '없는 API 경로입니다.',
  'The request could not be answered; it is safe to try again.':
    '요청을 처리하지 못했습니다. 다시 시도해도 안전합니다.',
  'Try again.': '다시 시도해 주세요.',
  'cursor: must be a cursor of this list.': '목록의 위치가 올바르지 않습니다. 처음부터 다시 불러와 주세요.',
  'The same request is under way; send it again in a second.':
    '같은 요청이 아직 처리 중입니다. 잠시 후 다시 보내 주세요.',
  'Not everything could be read.': '일부를 읽지 못했습니다. 다시 시도해 주세요.',
  'Not everything could be stored; send it again.': '일부를 저장하지 못했습니다. 다시 보내 주세요.',

  // Who asks.
  'Send an access token of a signed-in user.': '로그인한 사용자의 액세스 토큰을 보내 주세요.',
  'Send an access token in the header Authorization: Bearer.':
    '액세스 토큰을 Authorization: Bearer 헤더로 보내 주세요.',
  'The access token is not good: {0}.': '액세스 토큰이 올바르지 않습니다. 다시 로그인해 주세요.',
  'Send an API key as a bearer token.': 'API 키를 Bearer 토큰으로 보내 주세요.',
  'The API key is not valid, has expired, or was revoked.': 'API 키가 올바르지 않거나, 만료 또는 폐기되었습니다.',
  'Nobody is signed in here.': '로그인되어 있지 않습니다.',
  'Sign in again.': '다시 로그인해 주세요.',
  'Sign in again, then register the company.': '다시 로그인한 뒤 회사를 등록해 주세요.',
  'The sign-in does not answer at the moment.': '지금은 로그인 서비스가 응답하지 않습니다.',
  'Register a company first.': '먼저 회사를 등록해 주세요.',
  'A {0} key may not do this.': '{0} 키로는 할 수 없는 작업입니다.',
  'Only pages of this site may do this.': '이 사이트의 페이지에서만 할 수 있습니다.',
  'This is for staff of the provider.': '운영 담당자만 이용할 수 있습니다.',
  'The role {0} may not do this; it takes {1}.': '{0} 역할로는 할 수 없습니다. 필요한 역할: {1}',
  'The role {0} may not decide who is {1}.': '{0} 역할로는 {1} 역할을 주거나 뺄 수 없습니다.',
  'You are not a member of this company.': '이 회사의 구성원이 아닙니다.',
  'You are not a member of such a company.': '구성원으로 속한 회사가 아닙니다.',
  'This is not possible while the company is {0}.': '회사가 ‘{0}’ 상태인 동안에는 할 수 없습니다.',
  'The company is suspended.': '이용이 정지된 회사입니다.',

  // Companies and their addresses.
  'There is no such company.': '없는 회사입니다.',
  'The address "{0}" is taken; choose another.': '‘{0}’ 주소는 이미 사용 중입니다. 다른 주소를 선택해 주세요.',
  'The address "{0}" is reserved; choose another.': '‘{0}’ 주소는 사용할 수 없습니다. 다른 주소를 선택해 주세요.',
  'The address "{0}" went to another company before the payment.': '결제 전에 다른 회사가 ‘{0}’ 주소를 등록했습니다.',
  'Too many addresses at a time; wait a few seconds.': '주소를 너무 많이 확인했습니다. 몇 초 뒤에 다시 시도해 주세요.',
  'Another registration of yours is under way; try again.': '진행 중인 다른 등록이 있습니다. 다시 시도해 주세요.',
  'You can be a member of at most {0} companies.': '최대 {0}개 회사의 구성원이 될 수 있습니다.',
  'There is no tier "{0}"; choose one of {1}.': '‘{0}’ 요금제는 없습니다. 다음에서 선택해 주세요: {1}',
  'Somebody else changed the company at the same time.': '그 사이에 다른 사람이 회사를 변경했습니다.',
  'Somebody else changed the company at the same time; look again.':
    '그 사이에 다른 사람이 회사를 변경했습니다. 다시 확인해 주세요.',
  'A company that is {0} cannot become {1}.': '‘{0}’ 상태의 회사는 ‘{1}’ 상태로 바꿀 수 없습니다.',
  'Another run is under way.': '다른 작업이 진행 중입니다.',
  'Run {0} cannot begin: the company is {1} at run {2}.':
    '작업 {0}을(를) 시작할 수 없습니다. 회사는 작업 {2}에서 ‘{1}’ 상태입니다.',
  'The onboarding is being taken back.': '준비 과정을 되돌리는 중입니다.',
  'The onboarding of a company that is {0} has not failed.': '‘{0}’ 상태인 회사의 준비는 실패하지 않았습니다.',
  'The company has no silo.': '회사에 전용 환경이 없습니다.',
  'A company that is {0} is not suspended.': '‘{0}’ 상태인 회사는 정지된 상태가 아닙니다.',
  'A company that is deleted cannot be looked at.': '삭제된 회사는 볼 수 없습니다.',

  // Closing a company.
  'Confirm with the name in the address of the company.': '회사 주소에 있는 이름을 입력해 확인해 주세요.',
  'A company that is {0} cannot be deleted.': '‘{0}’ 상태인 회사는 삭제할 수 없습니다.',
  'The company is {0}, so there is nothing to undo.': '회사가 ‘{0}’ 상태이므로 되돌릴 것이 없습니다.',
  'The deletion has begun and can no longer be undone.': '삭제가 시작되어 더 이상 되돌릴 수 없습니다.',
  'The deletion of the company has begun.': '회사 삭제가 시작되었습니다.',
  'There is no certificate of a deletion.': '삭제 증명서가 없습니다.',
  'The subscription is over; subscribe again, and the company comes back.':
    '구독이 끝났습니다. 다시 구독하면 회사가 복구됩니다.',

  // Tiers and limits.
  'Your tier has at most {0} {1}, and {2} are in use.':
    '요금제의 한도에 도달했습니다. {1}: 최대 {0}개 중 {2}개 사용 중',
  'Your tier has {0} requests a second; send this again in a second.':
    '요금제는 초당 요청 {0}개까지입니다. 잠시 후 다시 보내 주세요.',
  'Your tier has at most {0} events a day, and {1} were sent today.':
    '요금제는 하루 이벤트 {0}개까지이며, 오늘 {1}개를 보냈습니다.',
  'Your tier has no single sign-on; premium and enterprise have it.':
    '현재 요금제에는 싱글 사인온이 없습니다. Premium과 Enterprise에서 쓸 수 있습니다.',
  'The change from {0} to {1} is still under way; wait for it, or undo it first.':
    '{0}에서 {1}(으)로 변경하는 중입니다. 끝날 때까지 기다리거나 먼저 되돌려 주세요.',
  'The company is {0} already.': '이미 {0} 요금제입니다.',
  'There is no change of tier to undo.': '되돌릴 요금제 변경이 없습니다.',
  'There is no change of tier under way.': '진행 중인 요금제 변경이 없습니다.',
  'The company is {0} by now; ask for {1} to go back.':
    '이미 {0} 요금제로 바뀌었습니다. 돌아가려면 {1} 요금제를 선택해 주세요.',

  // Payment.
  'The payment provider does not answer; try again in a minute.':
    '결제 서비스가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.',
  'There is no subscription yet.': '아직 구독이 없습니다.',
  'The subscription is over.': '구독이 끝났습니다.',
  'The company is on this plan already.': '이미 이 요금제를 쓰고 있습니다.',
  'It is paid by the {0} already.': '이미 {0} 단위로 결제하고 있습니다.',
  'The company moves to another tier; wait until that is done.':
    '회사가 다른 요금제로 옮기는 중입니다. 끝날 때까지 기다려 주세요.',
  'The company has no customer at the payment provider.': '결제 서비스에 회사의 고객 정보가 없습니다.',
  'The payment has arrived already; the set-up begins in a moment.': '결제가 확인되었습니다. 곧 준비가 시작됩니다.',
  'Another payment page is being opened; try again.': '다른 결제 페이지를 여는 중입니다. 다시 시도해 주세요.',
  'The billing of the company never came to rest; it is tried again.':
    '회사의 결제 정보가 계속 바뀌고 있습니다. 자동으로 다시 시도합니다.',
  'The header Stripe-Signature is missing.': 'Stripe-Signature 헤더가 없습니다.',
  'The signature does not match the body, or is too old.': '서명이 내용과 맞지 않거나 너무 오래되었습니다.',
  'There is no trial to extend: nothing was subscribed.': '구독이 없어 연장할 체험 기간이 없습니다.',
  'There is no trial to extend: the subscription is {0}.': '구독이 ‘{0}’ 상태이므로 연장할 체험 기간이 없습니다.',

  // Users.
  'A company has at least one owner; make somebody else an owner first.':
    '회사에는 소유자가 한 명 이상 있어야 합니다. 먼저 다른 사람을 소유자로 지정해 주세요.',
  'Confirm by the address of the company that you leave.': '나가려는 회사의 주소를 입력해 확인해 주세요.',
  'Somebody with this address is a user of the company already.': '이미 회사의 사용자인 메일 주소입니다.',
  'There is no such invitation, or it is over.': '없거나 끝난 초대입니다.',
  'This invitation is over, or there never was one. Ask for a new one.':
    '초대가 끝났거나 없는 초대입니다. 새 초대를 요청해 주세요.',
  'This invitation was sent to another address. Sign in with the one that its mail went to.':
    '다른 주소로 보낸 초대입니다. 초대 메일을 받은 주소로 로그인해 주세요.',
  'At most {0} invitations are mailed in a day; go on tomorrow.':
    '초대 메일은 하루에 {0}통까지 보낼 수 있습니다. 내일 계속해 주세요.',
  'The invitation is made, but its mail could not be sent; send it again.':
    '초대는 만들었지만 메일을 보내지 못했습니다. 다시 보내 주세요.',
  'There is no such user in this company.': '이 회사에 없는 사용자입니다.',
  'The users of the company change at the moment; try again.':
    '회사의 사용자 목록이 바뀌는 중입니다. 다시 시도해 주세요.',
  'You sign in by your company’s own provider, which lets you act in that company alone. Use another mail address.':
    '회사의 자체 로그인 제공자로 로그인했으므로 그 회사에서만 활동할 수 있습니다. 다른 메일 주소를 사용해 주세요.',
  'This link is not of a mail of ours, or the account is gone.': '저희 메일의 링크가 아니거나, 계정이 없습니다.',
  'The company was sent no mail yet.': '회사에 보낸 메일이 아직 없습니다.',
  'The mail could not be sent; try again.': '메일을 보내지 못했습니다. 다시 시도해 주세요.',

  // Single sign-on.
  'This sign-in is not set up, or is no longer.': '설정되지 않았거나 더 이상 쓰지 않는 로그인 방법입니다.',
  'Your company’s provider may not speak for this mail address.':
    '회사의 로그인 제공자가 보증할 수 없는 메일 주소입니다.',
  'Your company signs in with its own provider. Enter your mail address on our site to be sent there.':
    '회사가 자체 로그인 제공자를 사용합니다. 저희 사이트에서 메일 주소를 입력하면 그곳으로 이동합니다.',
  'The sign-in changes at the moment; try again.': '로그인 설정이 바뀌는 중입니다. 다시 시도해 주세요.',
  'No further provider can be set up at present; ask us.':
    '지금은 로그인 제공자를 더 설정할 수 없습니다. 저희에게 문의해 주세요.',
  'The company has no identity provider.': '회사에 로그인 제공자가 없습니다.',
  'The provider cannot be used: it does not answer as its kind should.':
    '로그인 제공자가 그 종류에 맞게 응답하지 않아 쓸 수 없습니다.',
  'The address of the provider must be a public one and begin with https.':
    '로그인 제공자의 주소는 https로 시작하는 공개 주소여야 합니다.',
  'The provider changes at the moment; try again.': '로그인 제공자가 바뀌는 중입니다. 다시 시도해 주세요.',
  'The provider is being removed; try again when it is gone.':
    '로그인 제공자를 삭제하는 중입니다. 삭제된 뒤 다시 시도해 주세요.',
  'This is another provider. Remove the present one first.':
    '다른 로그인 제공자입니다. 먼저 지금의 제공자를 삭제해 주세요.',
  'Somebody else set up a provider at the same time; try again.':
    '그 사이에 다른 사람이 로그인 제공자를 설정했습니다. 다시 시도해 주세요.',
  'Sign in by the provider once before it becomes a duty.': '의무로 정하기 전에 로그인 제공자로 한 번 로그인해 주세요.',
  'No owner would be left: make somebody one who signs in with a password.':
    '소유자가 남지 않게 됩니다. 비밀번호로 로그인하는 사람을 소유자로 지정해 주세요.',
  'No owner would come in any more: make somebody one who has a password.':
    '어떤 소유자도 로그인할 수 없게 됩니다. 비밀번호가 있는 사람을 소유자로 지정해 주세요.',
  'The company has not claimed such a domain.': '회사가 등록하지 않은 도메인입니다.',
  'The domain {0} belongs to another company here.': '{0} 도메인은 이미 다른 회사의 것입니다.',
  'A company has at most {0} domains.': '회사는 도메인을 {0}개까지 등록할 수 있습니다.',
  'Somebody else claimed this domain at the same time; try again.':
    '그 사이에 다른 사람이 이 도메인을 등록했습니다. 다시 시도해 주세요.',
  'There is no text record {0} with this value yet.': '아직 {0}에 이 값을 가진 TXT 레코드가 없습니다.',
  'The domain’s name servers do not answer at the moment.': '지금은 도메인의 네임 서버가 응답하지 않습니다.',

  // Keys and webhooks.
  'There is no such API key.': '없는 API 키입니다.',
  'There is no such webhook.': '없는 웹훅입니다.',
  'There is no such delivery.': '없는 전송 기록입니다.',
  'The webhook is off; switch it on first.': '웹훅이 꺼져 있습니다. 먼저 켜 주세요.',
  'Somebody else changed the webhook at the same time.': '그 사이에 다른 사람이 웹훅을 변경했습니다.',
  'The message is being sent at this moment.': '메시지를 보내는 중입니다.',

  // The shop: catalogue, rules, models, experiments, figures.
  'A catalogue has at most {0} items, and {1} are in it.':
    '카탈로그에는 상품을 {0}개까지 담을 수 있으며, 지금 {1}개가 있습니다.',
  'The catalogue is being published by others; try again.': '다른 변경을 반영하는 중입니다. 다시 시도해 주세요.',
  'Somebody else changed the rules since you read them; read them again.':
    '규칙을 불러온 뒤 다른 사람이 변경했습니다. 다시 불러와 주세요.',
  'There is no such model.': '없는 모델입니다.',
  'A training is already running; wait until it ends.': '이미 학습이 진행 중입니다. 끝날 때까지 기다려 주세요.',
  'A training is running, or newer events are being added; wait until it ends.':
    '학습이 진행 중이거나 새 이벤트를 반영하는 중입니다. 끝날 때까지 기다려 주세요.',
  'A training is running, or newer events are being added, which decides which model serves; wait until it ends.':
    '어느 모델을 쓸지 정하는 학습이 진행 중이거나 새 이벤트를 반영하는 중입니다. 끝날 때까지 기다려 주세요.',
  'An experiment compares models; end it first.': '모델을 비교하는 실험이 진행 중입니다. 먼저 실험을 끝내 주세요.',
  'Another experiment was started, or this one ended, at the same time.':
    '그 사이에 다른 실험이 시작되었거나 이 실험이 끝났습니다.',
  'No experiment is running.': '진행 중인 실험이 없습니다.',
  'No recommendations at the moment; try again shortly.': '지금은 추천할 수 없습니다. 잠시 후 다시 시도해 주세요.',
  'The range cannot be shown.': '이 기간은 볼 수 없습니다.',
  'Too much is counted at the moment; send it again.': '지금은 집계가 몰려 있습니다. 다시 보내 주세요.',

  // Exports and erasures.
  'There is no such export, or its files were deleted.': '없는 내보내기이거나 파일이 삭제되었습니다.',
  'The export is still running.': '내보내기가 아직 진행 중입니다.',
  'The export {0} is still running; wait until it ends.': '내보내기가 아직 진행 중입니다. 끝날 때까지 기다려 주세요.',
  'The export failed; start another.': '내보내기가 실패했습니다. 다시 시작해 주세요.',
  'Shoppers are being erased; export when that is done.': '쇼핑객을 삭제하는 중입니다. 끝난 뒤에 내보내 주세요.',
  '{0} erasures wait already; ask again when some are done.':
    '이미 {0}건의 삭제가 대기 중입니다. 일부가 끝난 뒤 다시 요청해 주세요.',
  'Too much is asked for at the moment; send it again.': '지금은 요청이 몰려 있습니다. 다시 보내 주세요.',

  // Staff.
  'There are no figures of that month.': '그 달의 수치가 없습니다.',
  'The flag cannot be set to {0}.': '이 플래그에는 정할 수 없는 값입니다: {0}',
  'Somebody else set the flag meanwhile; look again.':
    '그 사이에 다른 사람이 플래그를 변경했습니다. 다시 확인해 주세요.',
  'Another announcement has this id.': '이미 이 ID를 쓰는 공지가 있습니다.',
  'There is no such rollout.': '없는 배포입니다.',
  'The rollout changed at the same time; look again.': '그 사이에 배포가 변경되었습니다. 다시 확인해 주세요.',
  'The rollout {0} does not go on any more.': '배포 {0}은(는) 더 이상 진행되지 않습니다.',
  'The rollout {0} is under way; wait until it ends, or roll it back.':
    '배포 {0}이(가) 진행 중입니다. 끝날 때까지 기다리거나 되돌려 주세요.',
  'The rollout was rolled back already.': '이미 되돌린 배포입니다.',
  'Another rollout came after it; roll out the version that you want.':
    '그 뒤에 다른 배포가 있었습니다. 원하는 버전을 배포해 주세요.',
} as const satisfies Readonly<Record<string, string>>;
